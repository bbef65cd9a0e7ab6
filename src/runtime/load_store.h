// Features as float, for loops that the compiler turns into vectors.
#pragma once

#include <cstdint>
#include <cstring>

#include "src/runtime/number.h"

#define ECG_INLINE inline __attribute__((always_inline))

namespace ecg::runtime {

ECG_INLINE float Load(const float* p) { return *p; }
ECG_INLINE float Load(const Bf16* p) {
  const std::uint32_t bits = static_cast<std::uint32_t>(p->bits) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

ECG_INLINE void Store(float* p, float value) { *p = value; }
// Rounds to the nearest, ties to even; the NaN that arithmetic gives stays one.
ECG_INLINE void Store(Bf16* p, float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits += 0x7FFFU + (bits >> 16 & 1U);
  p->bits = static_cast<std::uint16_t>(bits >> 16);
}

}  // namespace ecg::runtime
