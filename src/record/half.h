// Floating-point numbers of 16 bits (IEEE 754).
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

namespace ecg::record {

inline float HalfToFloat(std::uint16_t half) {
  constexpr std::uint32_t kFractionBits = 10, kFloatFractionBits = 23, kBias = 127 - 15;
  const std::uint32_t exponent = half >> kFractionBits & 0x1F, fraction = half & 0x3FF;
  float value = 0;
  if (exponent == 0) {
    value = static_cast<float>(fraction) * 0x1p-24F;
  } else if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  } else {
    const std::uint32_t bits =
        (exponent + kBias) << kFloatFractionBits | fraction << (kFloatFractionBits - kFractionBits);
    std::memcpy(&value, &bits, sizeof value);
  }
  return half >> 15 != 0 ? -value : value;
}

}  // namespace ecg::record
