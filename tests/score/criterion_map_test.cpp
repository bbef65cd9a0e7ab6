#include "ecg/score/criterion_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecg/core/random.h"
#include "ecg/core/result.h"

namespace ecg::score {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct Samples {
  std::vector<std::uint8_t> labels;
  std::vector<float> scores;
  std::vector<double> excess;
};

// Labels drawn as `truth` says from scores and excesses.
Samples Draw(int count, const CriterionMap& truth) {
  Rng rng({3});
  Samples samples;
  for (int i = 0; i < count; ++i) {
    const auto score = static_cast<float>(Sigmoid(rng.Normal(0, 2)));
    const double excess = rng.Uniform(-3, 2);
    samples.scores.push_back(score);
    samples.excess.push_back(excess);
    samples.labels.push_back(rng.Chance(static_cast<double>(truth.Apply(score, excess))) ? 1 : 0);
  }
  return samples;
}

TEST(CriterionMap, FollowsItsFormula) {
  const CriterionMap map{0.5, -1, 0.25, 2};
  const double logit = std::log(0.8 / 0.2);
  EXPECT_NEAR(map.Apply(0.8F, -2), Sigmoid(0.5 * logit - 1 - 0.5), 1e-6);
  EXPECT_NEAR(map.Apply(0.8F, 1), Sigmoid(0.5 * logit - 1 + 2), 1e-6);
  EXPECT_EQ(map.Apply(0.8F, 7), map.Apply(0.8F, 2));
  EXPECT_EQ(map.Apply(0.8F, -7), map.Apply(0.8F, -3));
  EXPECT_EQ(map.Apply(0.8F, kNaN), map.Apply(0.8F, -1));
  EXPECT_NEAR(CriterionMap().Apply(0.3F, 1.5), 0.3, 1e-6);
}

TEST(CriterionMap, FindsWhatTheLabelsWereDrawnBy) {
  const CriterionMap truth{0.7, -1, 0.4, 1.2};
  const Samples samples = Draw(100000, truth);
  const auto maps = FitCriterionMaps(samples.labels, samples.scores, samples.excess, 1);
  ASSERT_EQ(maps.size(), 1u);
  EXPECT_NEAR(maps[0].slope, truth.slope, 0.03);
  EXPECT_NEAR(maps[0].offset, truth.offset, 0.06);
  EXPECT_NEAR(maps[0].below, truth.below, 0.04);
  EXPECT_NEAR(maps[0].above, truth.above, 0.06);
}

// One that was learnt from labels itself does not stand in for the network where labels are few.
TEST(CriterionMap, ALearntOneCountsForALittleWhereLabelsAreFew) {
  Samples samples = Draw(100, {1, 0, 1, 1});
  std::fill(samples.labels.begin(), samples.labels.end(), std::uint8_t{0});
  samples.labels[3] = 1;
  const auto maps = FitCriterionMaps(samples.labels, samples.scores, samples.excess, 1, {true});
  EXPECT_NEAR(maps[0].slope, 1, 1e-6);
  EXPECT_NEAR(maps[0].below, 0.3, 1e-6);
  EXPECT_NEAR(maps[0].above, 0.3, 1e-6);
  const Samples many = Draw(100000, {0.7, -1, 0.4, 1.2});
  const auto found = FitCriterionMaps(many.labels, many.scores, many.excess, 1, {true});
  EXPECT_NEAR(found[0].slope, 0.7, 0.03);
  EXPECT_NEAR(found[0].above, 1.2, 0.06);
  EXPECT_THROW(FitCriterionMaps(many.labels, many.scores, many.excess, 1, {true, true}), Exception);
}

TEST(CriterionMap, FewRecordingsMoveItLittle) {
  const CriterionMap truth{1, 0, 0, 3};
  const Samples few = Draw(60, truth), many = Draw(60000, truth);
  const double of_few = FitCriterionMaps(few.labels, few.scores, few.excess, 1)[0].above;
  const double of_many = FitCriterionMaps(many.labels, many.scores, many.excess, 1)[0].above;
  EXPECT_LT(of_few, 0.75 * of_many);
  EXPECT_GT(of_few, 0);
}

// Two classes beside each other: one without a criterion, one that nobody labels.
TEST(CriterionMap, AClassWithoutPositivesGoesByDefinition) {
  Samples samples;
  Rng rng({4});
  for (int i = 0; i < 500; ++i) {
    samples.labels.insert(samples.labels.end(), {static_cast<std::uint8_t>(i % 2), 0});
    samples.scores.insert(samples.scores.end(),
                          {static_cast<float>(rng.Uniform()), static_cast<float>(rng.Uniform())});
    samples.excess.insert(samples.excess.end(), {kNaN, rng.Uniform(-3, 2)});
  }
  const auto maps = FitCriterionMaps(samples.labels, samples.scores, samples.excess, 2);
  EXPECT_EQ(maps[0], CriterionMap());
  // A step of the criterion outweighs what moves a network from 0.5 to 0.9.
  EXPECT_GT(maps[1].Apply(0.5F, 1), maps[1].Apply(0.9F, 0));
  double mean = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    mean += maps[1].Apply(samples.scores[2 * i + 1], samples.excess[2 * i + 1]) / 500;
  }
  EXPECT_NEAR(mean, 1.0 / 502, 1e-4);
  EXPECT_THROW(FitCriterionMaps({1}, {0.5F}, {}, 1), Exception);
}

}  // namespace
}  // namespace ecg::score
