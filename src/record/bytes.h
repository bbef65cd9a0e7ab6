// Numbers of either byte order in binary files.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "ecg/core/text.h"

namespace ecg::record {

// The number at p, of which sizeof(T) bytes must be there.
template <typename T>
T Load(const char* p, bool big_endian = false) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), p, sizeof(T));
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

// Little-endian numbers of three bytes.
inline std::uint32_t LoadUint24(const char* p) {
  const auto byte = [&](int i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(p[i]));
  };
  return byte(0) | byte(1) << 8 | byte(2) << 16;
}
inline std::int32_t LoadInt24(const char* p) {
  return static_cast<std::int32_t>(LoadUint24(p) << 8) >> 8;
}

// Load at an offset; nothing where the bytes end before.
template <typename T>
std::optional<T> LoadAt(std::string_view bytes, std::size_t offset, bool big_endian = false) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return {};
  return Load<T>(bytes.data() + offset, big_endian);
}

// A text field of fixed width, up to its first zero byte, without the blanks around it.
inline std::string FixedText(std::string_view field) {
  return std::string(Trim(field.substr(0, field.find('\0'))));
}

}  // namespace ecg::record
