// WAV files made by hand.
#pragma once

#include <cstdint>
#include <string>

namespace ecg::wav::test {

inline std::string Number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

inline std::string Made(int kind = 1, int channels = 1, int bits = 16,
                        const std::string& data = Number(16384, 2) + Number(0x8000, 2)) {
  return "RIFF" + Number(0, 4) + "WAVEfmt " + Number(16, 4) +
         Number(static_cast<unsigned>(kind), 2) + Number(static_cast<unsigned>(channels), 2) +
         Number(1000, 4) + Number(0, 6) + Number(static_cast<unsigned>(bits), 2) + "LIST" +
         Number(3, 4) + std::string(4, 'x') + "data" + Number(data.size(), 4) + data;
}

}  // namespace ecg::wav::test
