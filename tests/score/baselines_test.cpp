#include "ecg/score/baselines.h"

#include <gtest/gtest.h>

#include "tests/score/plain_metrics.h"

namespace ecg::score {
namespace {

using test::RandomOutcomes;

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

TEST(Baselines, AreWhatTheyClaim) {
  const Outcomes outcomes = RandomOutcomes(3000, 26, {0.1, 0.3, 0, 0, 0, 0}, 9);
  const std::vector<Baseline> baselines = Baselines(outcomes, Classes(), 1);
  ASSERT_EQ(baselines.size(), 3u);
  EXPECT_EQ(baselines[0].metrics.challenge, 0);
  EXPECT_DOUBLE_EQ(baselines[0].metrics.auroc, 0.5);
  EXPECT_NEAR(baselines[1].metrics.auroc, 0.5, 0.02);
  // A coin finds half of a class; by prevalence a tenth.
  EXPECT_NEAR(baselines[1].metrics.per_class[0].Sensitivity(), 0.5, 0.1);
  EXPECT_NEAR(baselines[2].metrics.per_class[0].Sensitivity(), 0.1, 0.06);
  EXPECT_EQ(Baselines(outcomes, Classes(), 1)[1].metrics.challenge, baselines[1].metrics.challenge);
  EXPECT_NE(Baselines(outcomes, Classes(), 2)[1].metrics.challenge, baselines[1].metrics.challenge);
}

TEST(Baselines, HaveNoAlwaysNormalWithoutSinusRhythm) {
  const challenge::ClassSet classes = Classes().Subset({"AF", "RBBB"}).value();
  const auto baselines = Baselines(RandomOutcomes(50, 2, {}, 9), classes, 1);
  ASSERT_EQ(baselines.size(), 2u);
  EXPECT_EQ(baselines[0].key, "random");
}

}  // namespace
}  // namespace ecg::score
