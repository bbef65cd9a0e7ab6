#include "ecg/train/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::train {
namespace {

TEST(LearningRate, WarmsUpLinearlyThenFollowsACosine) {
  EXPECT_DOUBLE_EQ(LearningRate(1, 0, 10, 110), 0.1);
  EXPECT_DOUBLE_EQ(LearningRate(1, 4, 10, 110), 0.5);
  EXPECT_DOUBLE_EQ(LearningRate(1, 9, 10, 110), 1.0);
  EXPECT_NEAR(LearningRate(1, 59, 10, 110), 0.5, 1e-12);
  EXPECT_NEAR(LearningRate(2, 34, 10, 110), 1 + std::cos(M_PI / 4), 1e-12);
  EXPECT_NEAR(LearningRate(1, 109, 10, 110), 0, 1e-12);
  for (std::size_t step = 10; step < 109; ++step) {
    EXPECT_GT(LearningRate(1, step, 10, 110), LearningRate(1, step + 1, 10, 110));
  }
}

TEST(LearningRate, NeedsNoWarmUp) {
  EXPECT_LE(LearningRate(1, 0, 0, 100), 1);
  EXPECT_GT(LearningRate(1, 0, 0, 100), 0.99);
  EXPECT_TRUE(std::isfinite(LearningRate(1, 5, 10, 5)));
}

}  // namespace
}  // namespace ecg::train
