#include "src/dsp/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::dsp {
namespace {

TEST(Statistics, MedianIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(Median({7}), 7);
  EXPECT_TRUE(std::isnan(Median({})));
}

TEST(Statistics, QuantileIsOneOfTheValues) {
  EXPECT_EQ(Quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_EQ(Quantile({4, 1, 3, 2}, 0.3), 2);
  EXPECT_EQ(Quantile({4, 1, 3, 2}, 0.5), 3);  // the upper median
  EXPECT_EQ(Quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_EQ(Quantile({7}, 0.9), 7);
}

}  // namespace
}  // namespace ecg::dsp
