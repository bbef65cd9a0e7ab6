#include "ecg/core/shown_text.h"

#include <cstdio>

#include "ecg/core/utf8.h"

namespace ecg {
namespace {

// C0 and C1 with DEL, the marks and overrides of bidirectional text, line and paragraph separators.
bool IsObeyed(char32_t c) {
  return c < 0x20 || (0x7F <= c && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (0x2028 <= c && c <= 0x202E) || (0x2066 <= c && c <= 0x2069);
}

std::string Escape(unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, value < 0x100 ? "\\x%02x" : "\\u%04x", value);
  return text;
}

std::string Shown(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = FirstUtf8(text);
    if (character.length == 0) {
      out += Escape(static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    if (IsObeyed(character.value) && kept.find(text.front()) == std::string_view::npos) {
      out += Escape(character.value);
    } else {
      out += text.substr(0, character.length);
    }
    text.remove_prefix(character.length);
  }
  return out;
}

}  // namespace

std::string ShownLine(std::string_view text) { return Shown(text, ""); }
std::string ShownText(std::string_view text) { return Shown(text, "\n\t"); }

}  // namespace ecg
