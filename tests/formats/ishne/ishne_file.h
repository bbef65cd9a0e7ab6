// ISHNE files made by hand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ecg::ishne::test {

inline void Put(std::string& bytes, std::size_t at, std::int64_t value, std::size_t count = 2) {
  for (std::size_t i = 0; i < count; ++i) {
    bytes[at + i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF);
  }
}

// Leads V1 and aVF of three samples, the second of which is none.
inline std::string Made(std::int32_t stated = 3) {
  std::string bytes(522, '\0');
  bytes.replace(0, 8, "ISHNE1.0");
  bytes.replace(28, 3, "Doe");
  Put(bytes, 14, stated, 4);
  Put(bytes, 22, 522, 4);
  Put(bytes, 128, 2);
  const int dates[] = {8, 5, 1953, 22, 11, 2002};
  for (std::size_t i = 0; i < 6; ++i) Put(bytes, 132 + 2 * i, dates[i]);
  Put(bytes, 150, 9);
  Put(bytes, 156, 2);
  Put(bytes, 158, 11);
  Put(bytes, 160, 10);
  Put(bytes, 206, 1000);
  Put(bytes, 208, 2500);
  Put(bytes, 272, 200);
  for (const int sample : {1, -2, -32768, 4, 5, 6}) {
    bytes.resize(bytes.size() + 2);
    Put(bytes, bytes.size() - 2, sample);
  }
  return bytes;
}

}  // namespace ecg::ishne::test
