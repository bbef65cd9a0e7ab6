#include "src/dsp/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "ecg/core/random.h"

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

std::vector<std::vector<double>> KindsOf(std::size_t count) {
  Rng rng({5});
  std::vector<std::vector<double>> kinds(6, std::vector<double>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<double>(i);
    kinds[0][i] = rng.Normal();
    kinds[1][i] = std::abs(std::sin(x / 100)) * (i % 400 < 40 ? 100 : 1);
    kinds[2][i] = 3;
    kinds[3][i] = static_cast<double>(i % 3);
    kinds[4][i] = i % std::max<std::size_t>(1, count / 100) == 0
                      ? -1 - x
                      : x;  // those asked are like no other
    kinds[5][i] = i == 7 ? std::numeric_limits<double>::infinity() : -x;
  }
  return kinds;
}

// Of many values only those near it are put in order; what all are sorted for says the same.
TEST(Statistics, QuantileOfManyIsThatOfAllInOrder) {
  const std::size_t count = 5000;
  for (const std::vector<double>& values : KindsOf(count)) {
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (const double q : {0.0, 0.001, 0.05, 0.3, 0.5, 0.9, 0.999, 1.0}) {
      const auto rank = static_cast<std::size_t>(q * static_cast<double>(count));
      EXPECT_EQ(Quantile(values, q), sorted[std::min(count - 1, rank)]) << q;
    }
  }
}

// Tails are looked for in blocks of values; quantiles of all say the same.
TEST(Statistics, SpreadIsThatBetweenTwoQuantiles) {
  for (const std::size_t count : {1U, 2U, 15U, 16U, 17U, 100U, 500U, 1999U, 5000U}) {
    for (const std::vector<double>& values : KindsOf(count)) {
      for (const double tail : {0.0, 0.005, 0.05, 0.06, 0.2, 0.5}) {
        EXPECT_EQ(Spread(values, tail), Quantile(values, 1 - tail) - Quantile(values, tail))
            << tail << " of " << count;
      }
    }
  }
}

TEST(Statistics, FiniteSamplesKeepTheirOrder) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  const std::vector<float> samples = {kNan, 1, 2, -kInfinite, 3, kInfinite, 4};
  EXPECT_EQ(FiniteOf(samples.data(), samples.size()), (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(FiniteOf(samples.data() + 1, 2), (std::vector<double>{1, 2}));
  EXPECT_TRUE(FiniteOf(samples.data(), 1).empty());
  EXPECT_TRUE(FiniteOf(nullptr, 0).empty());
}

}  // namespace
}  // namespace ecg::dsp
