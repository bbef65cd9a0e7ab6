#include "ecg/score/reliability.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::score {
namespace {

TEST(Reliability, FollowsItsDefinitions) {
  Outcomes outcomes;
  outcomes.recordings = 4;
  outcomes.classes = 1;
  outcomes.labels = {0, 1, 0, 1};
  outcomes.scores = {0.1, 0.3, 0.3, 1.0};
  const ReliabilityTable table = MeasureReliability(outcomes, 4).value();
  const Reliability& of = table.overall;
  ASSERT_EQ(of.bins.size(), 4u);
  EXPECT_EQ(of.bins[0].count, 1u);
  EXPECT_EQ(of.bins[1].count, 2u);
  EXPECT_EQ(of.bins[2].count, 0u);
  EXPECT_EQ(of.bins[3].count, 1u);  // 1.0 belongs to the last bin
  EXPECT_DOUBLE_EQ(of.bins[1].mean_score, 0.3);
  EXPECT_DOUBLE_EQ(of.bins[1].positives, 0.5);
  EXPECT_TRUE(std::isnan(of.bins[2].mean_score));
  EXPECT_NEAR(of.brier, (0.01 + 0.49 + 0.09 + 0) / 4, 1e-12);
  EXPECT_NEAR(of.expected_error, (1 * 0.1 + 2 * 0.2 + 0) / 4, 1e-12);
  EXPECT_EQ(table.per_class.size(), 1u);
  outcomes.scores[0] = -0.1;
  EXPECT_FALSE(MeasureReliability(outcomes));
}

}  // namespace
}  // namespace ecg::score
