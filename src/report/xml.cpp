#include "src/report/xml.h"

#include "ecg/core/utf8.h"

namespace ecg::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

std::size_t CharacterLength(std::string_view text) {
  const Utf8Character character = FirstUtf8(text);
  // U+FFFE and U+FFFF are no characters of XML.
  return character.value == 0xFFFE || character.value == 0xFFFF ? 0 : character.length;
}

std::string EscapeXml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = CharacterLength(text);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else if (length == 0 || (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n')) {
      out += kReplacement;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length > 0 ? length : 1);
  }
  return out;
}

}  // namespace ecg::report
