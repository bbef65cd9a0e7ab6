#include "ecg/core/file_name.h"

#include <cstddef>

#include "ecg/core/checksum.h"
#include "ecg/core/utf8.h"

namespace ecg {
namespace {

constexpr std::size_t kMaxBytes = 200;
constexpr std::size_t kDigestDigits = 32;
// '~' and a '%' without digits stand in no other name.
constexpr char kCutMark = '~';
constexpr std::string_view kNameOfNothing = "%";

bool IsPlainAscii(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '+' || c == '.';
}

// Characters beyond ASCII that a reader cannot see or that change the order of what he sees.
bool IsInvisible(char32_t c) {
  return c <= 0xA0 || c == 0xAD || c == 0x61C || c == 0x1680 || c == 0x180E ||
         (c >= 0x2000 && c <= 0x206F) || c == 0x3000 || (c >= 0xE000 && c <= 0xF8FF) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFF) ||
         c >= 0xE0000;
}

bool Stays(Utf8Character character) {
  if (character.length == 1) return IsPlainAscii(character.value);
  return character.length > 1 && !IsInvisible(character.value);
}

void AppendEscaped(std::string& name, char byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  name += '%';
  name += kDigits[value >> 4];
  name += kDigits[value & 15];
}

}  // namespace

std::string FileNameOf(std::string_view text) {
  constexpr std::size_t kMaxCut = kMaxBytes - kDigestDigits - 1;
  std::string name;
  std::size_t cut = 0;  // where a name that gets too long is cut: between characters
  for (std::size_t at = 0; at < text.size() && name.size() <= kMaxBytes;) {
    Utf8Character character = FirstUtf8(text.substr(at));
    const bool outer_dot = text[at] == '.' && (at == 0 || at + 1 == text.size());
    if (Stays(character) && !outer_dot) {
      name += text.substr(at, character.length);
    } else {
      character.length = 1;
      AppendEscaped(name, text[at]);
    }
    at += character.length;
    if (name.size() <= kMaxCut) cut = name.size();
  }
  if (name.empty()) return std::string(kNameOfNothing);
  if (name.size() <= kMaxBytes) return name;
  return name.substr(0, cut) + kCutMark + Sha256(text).substr(0, kDigestDigits);
}

}  // namespace ecg
