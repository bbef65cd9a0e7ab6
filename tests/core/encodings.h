// Text in the encodings that people's programs write.
#pragma once

#include <string>
#include <string_view>

namespace ecg::test {

// ASCII in UTF-16, without a byte order mark.
inline std::string Utf16(std::string_view ascii, bool big_endian = false) {
  std::string bytes;
  for (const char c : ascii) {
    if (big_endian) bytes += '\0';
    bytes += c;
    if (!big_endian) bytes += '\0';
  }
  return bytes;
}

// With the mark, as spreadsheets and editors save it.
inline std::string MarkedUtf16(std::string_view ascii, bool big_endian = false) {
  return (big_endian ? "\xFE\xFF" : "\xFF\xFE") + Utf16(ascii, big_endian);
}

}  // namespace ecg::test
