#include "ecg/score/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecg/score/metric_list.h"
#include "tests/score/plain_metrics.h"

namespace ecg::score {
namespace {

using test::RandomOutcomes;

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

BootstrapOptions Options(std::size_t samples, int threads = 1, std::uint64_t seed = 5) {
  BootstrapOptions options;
  options.samples = samples;
  options.threads = threads;
  options.seed = seed;
  return options;
}

TEST(Quantile, InterpolatesLikeNumpy) {
  // numpy.quantile([4, 1, 3, 2], q)
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.025), 1.075);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_DOUBLE_EQ(Quantile({7}, 0.3), 7);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_DOUBLE_EQ(Quantile({nan, 2, nan, 4}, 0.5), 3);
  EXPECT_TRUE(std::isnan(Quantile({nan}, 0.5)));
}

TEST(Bootstrap, DependsOnTheSeedAndNotOnTheThreads) {
  const Evaluator evaluator(RandomOutcomes(120, 26, {}, 1), Classes());
  const MetricIntervals one = Bootstrap(evaluator, Challenge::k2021, Options(60));
  const MetricIntervals four = Bootstrap(evaluator, Challenge::k2021, Options(60, 4));
  const MetricIntervals other = Bootstrap(evaluator, Challenge::k2021, Options(60, 1, 6));
  ASSERT_EQ(one.overall.size(), MetricFields(Challenge::k2021).size());
  ASSERT_EQ(one.per_class.size(), 26u);
  for (std::size_t m = 0; m < one.overall.size(); ++m) {
    EXPECT_EQ(one.overall[m].low, four.overall[m].low);
    EXPECT_EQ(one.overall[m].high, four.overall[m].high);
  }
  EXPECT_NE(one.overall[0].low, other.overall[0].low);
  EXPECT_EQ(one.per_class[3][0].low, four.per_class[3][0].low);
}

// The share of right recordings is a binomial share, whose spread is known.
TEST(Bootstrap, FindsTheSpreadOfAKnownDistribution) {
  Outcomes outcomes = RandomOutcomes(400, 26, {}, 2);
  outcomes.decisions = outcomes.labels;
  for (std::size_t i = 0; i < 100; ++i) outcomes.decisions[i * 26] ^= 1;  // a quarter is wrong
  const MetricIntervals intervals =
      Bootstrap(Evaluator(outcomes, Classes()), Challenge::k2021, Options(4000));
  const Interval accuracy = intervals.overall[2];
  const double deviation = std::sqrt(0.75 * 0.25 / 400);
  EXPECT_NEAR(accuracy.low, 0.75 - 1.96 * deviation, 0.15 * deviation);
  EXPECT_NEAR(accuracy.high, 0.75 + 1.96 * deviation, 0.15 * deviation);
}

TEST(Bootstrap, AClassWithoutLabelsHasNoInterval) {
  Outcomes outcomes = RandomOutcomes(60, 26, {}, 3);
  for (std::size_t i = 0; i < 60; ++i) outcomes.labels[i * 26 + 7] = 0;
  const MetricIntervals intervals =
      Bootstrap(Evaluator(outcomes, Classes()), Challenge::k2021, Options(50));
  EXPECT_TRUE(std::isnan(intervals.per_class[7][0].low));
}

TEST(CompareByBootstrap, EqualPredictionsDoNotDiffer) {
  const Evaluator evaluator(RandomOutcomes(100, 26, {}, 4), Classes());
  for (const Difference& difference :
       CompareByBootstrap(evaluator, evaluator, Challenge::k2021, Options(100))) {
    EXPECT_EQ(difference.value, 0);
    EXPECT_EQ(difference.interval.low, 0);
    EXPECT_EQ(difference.interval.high, 0);
    EXPECT_EQ(difference.p_value, 1);
  }
}

TEST(CompareByBootstrap, SeesAClearImprovement) {
  const Outcomes worse = RandomOutcomes(300, 26, {}, 6);
  Outcomes better = worse;
  for (std::size_t cell = 0; cell < better.labels.size(); ++cell) {
    if (cell % 5 == 0) continue;  // four fifths of the cells are put right
    better.decisions[cell] = better.labels[cell];
    better.scores[cell] = better.labels[cell];
  }
  const Evaluator first(worse, Classes()), second(better, Classes());
  for (const Difference& difference :
       CompareByBootstrap(first, second, Challenge::k2021, Options(200))) {
    EXPECT_GT(difference.value, 0);
    EXPECT_GT(difference.interval.low, 0);
    EXPECT_LE(difference.interval.low, difference.value);
    EXPECT_GE(difference.interval.high, difference.value);
    EXPECT_NEAR(difference.p_value, 2.0 / 201, 1e-12);
  }
}

}  // namespace
}  // namespace ecg::score
