#include "ecg/core/text_encoding.h"

#include <algorithm>

namespace ecg {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LittleMark = "\xFF\xFE", kUtf16BigMark = "\xFE\xFF";
constexpr char32_t kReplacement = 0xFFFD;

bool BeginsWith(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

// Half of the bytes of Latin text in UTF-16 are NUL, of other text at least those of blanks, digits
// and ends of lines. Text that is none has none.
bool LooksLikeUtf16(std::string_view bytes) {
  constexpr std::size_t kLookedAt = 1024;
  const std::string_view begin = bytes.substr(0, kLookedAt);
  if (begin.find('\0') == std::string_view::npos) return false;  // quicker than to count
  const auto zeros = static_cast<std::size_t>(std::count(begin.begin(), begin.end(), '\0'));
  return begin.size() >= 4 && zeros >= begin.size() / 4;
}

void AppendUtf8(char32_t c, std::string& text) {
  const auto append = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return append(c);
  if (c < 0x800) {
    append(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      append(0xE0 | c >> 12);
    } else {
      append(0xF0 | c >> 18);
      append(0x80 | (c >> 12 & 0x3F));
    }
    append(0x80 | (c >> 6 & 0x3F));
  }
  append(0x80 | (c & 0x3F));
}

// Of what follows the byte order mark. A last odd byte is no character.
std::string FromUtf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i + 2 <= bytes.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xD800 && c < 0xE000) {
      const char32_t low = c < 0xDC00 && i + 4 <= bytes.size() ? unit(i + 2) : 0;
      const bool pair = low >= 0xDC00 && low < 0xE000;
      c = pair ? 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF)) : kReplacement;
      if (pair) i += 2;
    }
    AppendUtf8(c, text);
  }
  return text;
}

// The first CR that ends a line by itself.
std::size_t FindLoneCr(std::string_view text) {
  std::size_t at = text.find('\r');
  while (at != std::string_view::npos && at + 1 < text.size() && text[at + 1] == '\n') {
    at = text.find('\r', at + 2);
  }
  return at;
}

void EndLinesWithLf(std::string& text) {
  for (std::size_t at = FindLoneCr(text); at < text.size(); ++at) {
    const bool lone = text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n');
    if (lone) text[at] = '\n';
  }
}

}  // namespace

Result<std::string_view> DecodeText(std::string_view bytes, const std::string& file,
                                    std::string& buffer) {
  const bool big_endian = BeginsWith(bytes, kUtf16BigMark);
  if (big_endian || BeginsWith(bytes, kUtf16LittleMark)) {
    buffer = FromUtf16(bytes.substr(kUtf16BigMark.size()), big_endian);
    EndLinesWithLf(buffer);
    return std::string_view(buffer);
  }
  if (LooksLikeUtf16(bytes)) {
    return InputError("looks like UTF-16 without a byte order mark: save it as UTF-8", file);
  }
  if (BeginsWith(bytes, kUtf8Mark)) bytes.remove_prefix(kUtf8Mark.size());
  if (FindLoneCr(bytes) == std::string_view::npos) return bytes;
  buffer = bytes;
  EndLinesWithLf(buffer);
  return std::string_view(buffer);
}

Result<std::string> ReadText(const std::filesystem::path& path, std::size_t max_bytes) {
  Result<std::string> bytes = ReadFile(path, max_bytes);
  if (!bytes.ok()) return bytes;
  std::string buffer;
  const Result<std::string_view> text = DecodeText(*bytes, path.string(), buffer);
  if (!text.ok()) return text.error();
  if (text->data() == bytes->data() && text->size() == bytes->size()) return bytes;
  return std::string(*text);
}

}  // namespace ecg
