#include "src/record/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace ecg::record {
namespace {

// Each of them by the definition: a sign, five bits of exponent, ten of fraction.
TEST(Half, AllAreAsTheStandardSays) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = HalfToFloat(static_cast<std::uint16_t>(bits));
    const int exponent = static_cast<int>(bits >> 10 & 31),
              fraction = static_cast<int>(bits & 1023);
    if (!std::isnan(value)) {
      EXPECT_EQ(std::signbit(value), bits >> 15 != 0) << bits;
    }
    if (exponent == 31) {
      EXPECT_TRUE(fraction == 0 ? std::isinf(value) : std::isnan(value)) << bits;
      continue;
    }
    const double size =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    EXPECT_EQ(std::abs(static_cast<double>(value)), size) << bits;
  }
}

}  // namespace
}  // namespace ecg::record
