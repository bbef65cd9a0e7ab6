// Numbers of either byte order in MATLAB files.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>

namespace ecg::wfdb {

template <typename T>
T LoadMatlab(const char* p, bool big_endian) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), p, sizeof(T));
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

}  // namespace ecg::wfdb
