// Floating-point numbers of 16 bits (IEEE 754).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace ecg::record {

inline float HalfToFloat(std::uint16_t half) {
  const int exponent = half >> 10 & 0x1F, fraction = half & 0x3FF;
  float value = 0;
  if (exponent == 0) {
    value = std::ldexp(static_cast<float>(fraction), -24);
  } else if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  } else {
    value = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  }
  return half >> 15 != 0 ? -value : value;
}

}  // namespace ecg::record
