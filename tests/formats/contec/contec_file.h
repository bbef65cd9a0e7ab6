// ECG90A files made by hand.
#pragma once

#include <string>

namespace ecg::contec::test {

// Two frames; only II and III were connected.
inline std::string Made() {
  std::string bytes = std::string("0000050\0\0\0", 10) + std::string("2020-11-16 21:44:39", 19);
  bytes.resize(43, '\0');
  bytes[41] = 64;
  for (const int sample : {2048 + 200, 2048 - 1}) {
    for (int series = 0; series < 8; ++series) {
      const int value = series < 2 ? sample + series : 0x6800;
      bytes += static_cast<char>(value & 0xFF);
      bytes += static_cast<char>(value >> 8);
    }
  }
  return bytes + std::string(37, '\0');
}

}  // namespace ecg::contec::test
