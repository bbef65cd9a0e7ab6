#include "src/report/svg_text.h"

#include <algorithm>
#include <cstdio>

#include "src/report/xml.h"

namespace ecg::report {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// A character's advance in the widest of the fonts, rounded up.
double CharacterWidth(char c) {
  constexpr std::string_view kNarrow = " !'(),./:;I[\\]fijlrt|";
  constexpr std::string_view kWide = "%@MWm";
  if (static_cast<unsigned char>(c) >= 0x80) return 1.0;
  if (kWide.find(c) != std::string_view::npos) return 1.02;
  if (kNarrow.find(c) != std::string_view::npos) return 0.42;
  return c >= 'a' && c <= 'z' && c != 'w' ? 0.64 : 0.84;
}

// How many bytes at the start of the text are no wider than `width`, in whole characters.
std::size_t FittingBytes(std::string_view text, double width) {
  double used = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    used += CharacterWidth(text[bytes]);
    if (used > width) break;
    bytes += std::max<std::size_t>(CharacterLength(text.substr(bytes)), 1);
  }
  return bytes;
}

// One line: without control characters, and without blanks at its ends.
std::string OneLine(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  const std::size_t first = out.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(' ') + 1 - first);
}

}  // namespace

double TextWidth(std::string_view text) {
  double width = 0;
  for (std::size_t i = 0; i < text.size();) {
    width += CharacterWidth(text[i]);
    i += std::max<std::size_t>(CharacterLength(text.substr(i)), 1);
  }
  return width;
}

std::string CutText(std::string_view text, double width) {
  const std::string line = OneLine(text);
  if (FittingBytes(line, width) == line.size()) return line;
  const std::size_t bytes = FittingBytes(line, width - TextWidth(kEllipsis));
  return OneLine(std::string_view(line).substr(0, bytes)) + std::string(kEllipsis);
}

std::vector<std::string> WrapText(std::string_view text, double width, std::size_t lines) {
  std::string rest = OneLine(text);
  std::vector<std::string> out;
  while (out.size() + 1 < lines) {
    std::size_t bytes = FittingBytes(rest, width);
    if (bytes == 0 || bytes == rest.size()) break;
    const std::size_t blank = rest.rfind(' ', bytes);
    if (blank != std::string::npos) bytes = blank;
    out.push_back(OneLine(rest.substr(0, bytes)));
    rest = OneLine(rest.substr(bytes));
  }
  out.push_back(CutText(rest, width));
  return out;
}

std::string PlainText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    const bool control = static_cast<unsigned char>(text.front()) < 0x20;
    if (control) {
      out += ' ';
    } else if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string SvgNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string SvgText(double x, double y, double size, std::string_view text, const char* colour,
                    double rim) {
  std::string stroke;
  if (rim > 0) {
    stroke = std::string("\" stroke=\"") + colour + "\" stroke-width=\"" + SvgNumber(2 * rim) +
             "\" stroke-linejoin=\"round";
  }
  return "<text x=\"" + SvgNumber(x) + "\" y=\"" + SvgNumber(y) + "\" font-size=\"" +
         SvgNumber(size) + "\" font-family=\"Helvetica,Arial,sans-serif\" fill=\"" + colour +
         stroke + "\">" + EscapeXml(text) + "</text>\n";
}

}  // namespace ecg::report
