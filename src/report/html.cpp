#include "ecg/report/html.h"

#include "src/report/xml.h"

namespace ecg::report {
namespace {

std::string OpeningTag(const char* tag, const Attributes& attributes) {
  std::string out = std::string("<") + tag;
  for (const auto& [name, value] : attributes) {
    out += std::string(" ") + name + "=\"" + EscapeXml(value) + "\"";
  }
  return out + ">";
}

void ReplaceAll(std::string_view from, std::string_view to, std::string* text) {
  for (std::size_t at = text->find(from); at != std::string::npos;
       at = text->find(from, at + to.size())) {
    text->replace(at, from.size(), to);
  }
}

}  // namespace

Html Html::Text(std::string_view text) { return Html(EscapeXml(text)); }

Html Html::Drawing(std::string_view svg) {
  constexpr std::string_view kDeclaration = "?>\n";
  const std::size_t end = svg.rfind("<?xml", 0) == 0 ? svg.find(kDeclaration) : std::string::npos;
  return Html(std::string(end == std::string::npos ? svg : svg.substr(end + kDeclaration.size())));
}

Html Element(const char* tag, const Attributes& attributes, const Html& content) {
  return Html(OpeningTag(tag, attributes) + content.markup() + "</" + tag + ">");
}

Html Element(const char* tag, const Attributes& attributes, std::string_view text) {
  return Element(tag, attributes, Html::Text(text));
}

Html VoidElement(const char* tag, const Attributes& attributes) {
  return Html(OpeningTag(tag, attributes));
}

std::string ScriptJson(const Json& json) {
  std::string text = DumpJsonLine(json);
  // Inside strings alone, where an escape means the same: `</script>` and `<!--` cannot appear, nor
  // the two line ends of Unicode that older scripts would see.
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else {
      out += c;
    }
  }
  ReplaceAll("\xE2\x80\xA8", "\\u2028", &out);
  ReplaceAll("\xE2\x80\xA9", "\\u2029", &out);
  return out;
}

Html DataScript(const char* id, const Json& json) {
  return Html(OpeningTag("script", {{"type", "application/json"}, {"id", id}}) + ScriptJson(json) +
              "</script>\n");
}

std::string FileLink(std::string_view relative_path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = "./";
  for (const char c : relative_path) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

}  // namespace ecg::report
