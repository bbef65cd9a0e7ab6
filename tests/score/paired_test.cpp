#include "ecg/score/paired.h"

#include <gtest/gtest.h>

namespace ecg::score {
namespace {

// As binom.test(min, n, 0.5) of R has it.
TEST(McNemar, IsTheBinomialTestOfWhatDiffers) {
  EXPECT_EQ(McNemar(0, 0), 1);
  EXPECT_NEAR(McNemar(5, 1), 0.21875, 1e-12);
  EXPECT_NEAR(McNemar(1, 5), 0.21875, 1e-12);
  EXPECT_NEAR(McNemar(10, 0), 0.001953125, 1e-12);
  EXPECT_EQ(McNemar(7, 7), 1);
  EXPECT_NEAR(McNemar(40, 60), 0.05688793, 1e-8);
  EXPECT_GT(McNemar(3000, 0), 0 - 1e-300);
  EXPECT_LT(McNemar(3000, 1000), 1e-200);
}

}  // namespace
}  // namespace ecg::score
