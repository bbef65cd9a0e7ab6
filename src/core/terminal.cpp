#include "ecg/core/terminal.h"

#include <sys/ioctl.h>

#include <algorithm>

#include "ecg/core/utf8.h"

namespace ecg {
namespace {

constexpr std::string_view kCut = "...";

// Blocks whose characters are wide or full-width (Unicode Standard Annex 11), and emoji.
bool IsWide(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  constexpr Range kWide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                             {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                             {0xFFE0, 0xFFE6}, {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFD}};
  return std::any_of(std::begin(kWide), std::end(kWide),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

struct Shown {
  std::string_view text;
  std::size_t columns = 1;
  std::size_t bytes = 1;  // of the source
};

Shown FirstShown(std::string_view text) {
  const Utf8Character character = FirstUtf8(text);
  if (character.length == 0) return {"?"};
  if (IsControl(character.value)) return {"?", 1, character.length};
  return {text.substr(0, character.length), IsWide(character.value) ? std::size_t{2} : 1,
          character.length};
}

}  // namespace

std::size_t TerminalColumns(int descriptor) {
  winsize size = {};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::size_t DisplayColumns(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Shown shown = FirstShown(text);
    columns += shown.columns;
    text.remove_prefix(shown.bytes);
  }
  return columns;
}

std::string CutToColumns(std::string_view text, std::size_t columns) {
  const bool fits = DisplayColumns(text) <= columns;
  const std::string_view end = fits || columns <= kCut.size() ? "" : kCut;
  std::string line;
  for (std::size_t used = end.size(); !text.empty();) {
    const Shown shown = FirstShown(text);
    used += shown.columns;
    if (used > columns) break;
    line += shown.text;
    text.remove_prefix(shown.bytes);
  }
  return line + std::string(end);
}

}  // namespace ecg
