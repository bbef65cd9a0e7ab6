#include "ecg/score/curves.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ecg/challenge/challenge.h"

namespace ecg::score {
namespace {

Outcomes OneClass(const std::vector<std::uint8_t>& labels, const std::vector<double>& scores) {
  return {labels.size(), 1, labels, std::vector<std::uint8_t>(labels.size()), scores};
}

TEST(Curves, OfFewScoresAreThoseByHand) {
  const Outcomes outcomes = OneClass({1, 0, 1, 0}, {0.9, 0.8, 0.7, 0.1});
  const std::vector<CurvePoint> roc = RocCurve(outcomes, 0);
  ASSERT_EQ(roc.size(), 5u);
  EXPECT_EQ(roc[1].y, 0.5);
  EXPECT_EQ(roc[2].x, 0.5);
  EXPECT_EQ(roc[3].y, 1);
  EXPECT_EQ(roc[4].x, 1);
  const std::vector<CurvePoint> curve = PrecisionRecallCurve(outcomes, 0);
  ASSERT_EQ(curve.size(), 4u);
  EXPECT_EQ(curve[0].y, 1);
  EXPECT_NEAR(curve[2].y, 2.0 / 3, 1e-15);
  EXPECT_TRUE(RocCurve(OneClass({1, 1}, {0.1, 0.2}), 0).empty());
  EXPECT_TRUE(PrecisionRecallCurve(OneClass({0, 0}, {0.1, 0.2}), 0).empty());
  EXPECT_TRUE(RocCurve(OneClass({}, {}), 0).empty());
}

// The area under what is drawn is that of the metrics.
TEST(Curves, EncloseTheAreaThatTheMetricsTell) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> labels;
  std::vector<double> scores;
  for (int i = 0; i < 500; ++i) {
    labels.push_back(random() % 3 == 0 ? 1 : 0);
    scores.push_back(static_cast<double>(random() % 50) / 50 + 0.3 * labels.back());
  }
  Outcomes outcomes = OneClass(labels, scores);
  const std::vector<CurvePoint> roc = RocCurve(outcomes, 0, 1000);
  double area = 0;
  for (std::size_t i = 1; i < roc.size(); ++i) {
    area += (roc[i].x - roc[i - 1].x) * (roc[i].y + roc[i - 1].y) / 2;
  }
  const challenge::ClassSet classes({{"AF", "atrial fibrillation", {"164889003"}}});
  EXPECT_NEAR(area, Evaluate(outcomes, classes).auroc, 1e-12);
  EXPECT_EQ(RocCurve(outcomes, 0, 10).size(), 10u);
  EXPECT_EQ(RocCurve(outcomes, 0, 10).back().x, 1);
}

// Weighed with the rewards it is the metric before it is normalised.
TEST(Curves, TheConfusionIsWhatTheChallengeMetricWeighs) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  std::mt19937 random(2);
  Outcomes outcomes;
  outcomes.recordings = 100;
  outcomes.classes = classes.size();
  for (std::size_t i = 0; i < outcomes.recordings * outcomes.classes; ++i) {
    outcomes.labels.push_back(random() % 15 == 0 ? 1 : 0);
    outcomes.decisions.push_back(random() % 15 == 0 ? 1 : 0);
  }
  const auto weigh = [&](const std::vector<std::uint8_t>& decisions) {
    Outcomes other = outcomes;
    other.decisions = decisions;
    const auto shares = ChallengeConfusion(other);
    double sum = 0;
    for (std::size_t a = 0; a < classes.size(); ++a) {
      for (std::size_t b = 0; b < classes.size(); ++b) sum += shares[a][b] * classes.Reward(a, b);
    }
    return sum;
  };
  std::vector<std::uint8_t> normal(outcomes.labels.size());
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    normal[i * classes.size() + *classes.normal_index()] = 1;
  }
  const double inactive = weigh(normal);
  EXPECT_NEAR((weigh(outcomes.decisions) - inactive) / (weigh(outcomes.labels) - inactive),
              ChallengeMetric(outcomes.labels, outcomes.decisions, classes), 1e-9);
}

}  // namespace
}  // namespace ecg::score
