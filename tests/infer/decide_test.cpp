#include "ecg/infer/decide.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ecg::infer {
namespace {

std::size_t Index(const char* name) { return *challenge::Classes2021().IndexOfAbbreviation(name); }

TEST(Decide, AppliesThresholdsThenPostProcessing) {
  const auto& classes = challenge::Classes2021().classes();
  model::Decision decision;
  decision.thresholds.assign(26, 0.5);
  decision.thresholds[Index("Brady")] = 0.25;
  std::vector<float> p(26, 0.1F);
  auto decisions = Decide(p.data(), classes, decision);
  EXPECT_EQ(std::count(decisions.begin(), decisions.end(), 1), 1);
  EXPECT_EQ(decisions[Index("NSR")], 1);

  p[Index("Brady")] = 0.25F;  // its own threshold
  p[Index("TInv")] = 0.7F;
  decisions = Decide(p.data(), classes, decision);
  EXPECT_EQ(std::count(decisions.begin(), decisions.end(), 1), 3);
  EXPECT_EQ(decisions[Index("Brady")], 1);
  EXPECT_EQ(decisions[Index("TInv")], 1);
  EXPECT_EQ(decisions[Index("TAb")], 1);

  decision.post_processing = {false, false};
  decisions = Decide(p.data(), classes, decision);
  EXPECT_EQ(std::count(decisions.begin(), decisions.end(), 1), 2);
}

TEST(Decide, LeavesClassesWithoutSinusRhythmAlone) {
  const std::vector<challenge::DiagnosisClass> classes = {{"CPSC", "", {"CPSC"}}};
  model::Decision decision;
  decision.thresholds = {0.9};
  const float p = 0.5F;
  EXPECT_EQ(Decide(&p, classes, decision), std::vector<std::uint8_t>{0});
}

TEST(Combine, IsTheMeanAndLeavesOneMemberAsItIs) {
  const std::vector<float> alone = {0.1F, 0.7F};
  EXPECT_EQ(Combine({alone}), alone);
  const std::vector<float> mean = Combine({{0.2F, 1}, {0.4F, 0}, {0.6F, 0.5F}});
  EXPECT_NEAR(mean[0], 0.4, 1e-7);
  EXPECT_NEAR(mean[1], 0.5, 1e-7);
  EXPECT_TRUE(Combine({}).empty());
}

// Three recordings whose best thresholds can be told by hand: AF is right from 0.6 on, and a
// recording without any positive class is sinus rhythm by the rule.
TEST(FitThresholds, FindsTheThresholdThatTheRuleAllows) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  std::vector<std::uint8_t> labels(3 * 26);
  std::vector<float> probabilities(3 * 26, 0.01F);
  labels[Index("AF")] = 1;
  probabilities[Index("AF")] = 0.7F;
  for (const std::size_t row : {1, 2}) {
    labels[row * 26 + Index("NSR")] = 1;
    probabilities[row * 26 + Index("AF")] = 0.6F - 0.1F * static_cast<float>(row - 1);
  }
  const std::vector<double> thresholds = FitThresholds(labels, probabilities, classes, 0.5, {});
  EXPECT_NEAR(thresholds[Index("AF")], 0.65, 1e-6);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<std::uint8_t> expected(
        labels.begin() + static_cast<std::ptrdiff_t>(26 * i),
        labels.begin() + static_cast<std::ptrdiff_t>(26 * (i + 1)));
    EXPECT_EQ(Decide(probabilities.data() + 26 * i, classes.classes(), {thresholds, {}}), expected);
  }
}

}  // namespace
}  // namespace ecg::infer
