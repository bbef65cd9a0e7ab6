#include "ecg/infer/decide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/core/random.h"

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

// An infarction is found beside a rhythm, not in its place.
TEST(Decide, WhatIsKnownBeyondTheChallengesClassesLeavesTheRhythmAsItIs) {
  std::vector<challenge::DiagnosisClass> classes = challenge::Classes2021().classes();
  classes.push_back({"MI", "myocardial infarction", {"164865005"}});
  model::Decision decision;
  decision.thresholds.assign(27, 0.5);
  std::vector<float> p(27, 0.1F);
  p[26] = 0.9F;
  auto decisions = Decide(p.data(), classes, decision);
  EXPECT_EQ(decisions[26], 1);
  EXPECT_EQ(decisions[Index("NSR")], 1);
  p[Index("AF")] = 0.9F;
  decisions = Decide(p.data(), classes, decision);
  EXPECT_EQ(decisions[Index("NSR")], 0);

  // Of two classes of one's own the other one does stand in its place.
  const std::vector<challenge::DiagnosisClass> two = {{"NSR", "", {"426783006"}},
                                                      {"ABN", "", {"164865005"}}};
  decision.thresholds.assign(2, 0.5);
  const float abnormal[] = {0.1F, 0.9F};
  EXPECT_EQ(Decide(abnormal, two, decision), (std::vector<std::uint8_t>{0, 1}));
}

TEST(Decide, LeavesClassesWithoutSinusRhythmAlone) {
  const std::vector<challenge::DiagnosisClass> classes = {{"CPSC", "", {"CPSC"}}};
  model::Decision decision;
  decision.thresholds = {0.9};
  const float p = 0.5F;
  EXPECT_EQ(Decide(&p, classes, decision), std::vector<std::uint8_t>{0});
}

Group GroupOf(model::Combination combination, const std::vector<double>& thresholds) {
  Group group;
  group.combination = combination;
  for (const double threshold : thresholds) {
    group.members.emplace_back();
    group.members.back().info.decision.thresholds.assign(2, threshold);
  }
  return group;
}

TEST(Combine, IsTheMeanAndLeavesOneMemberAsItIs) {
  const Group group = GroupOf(model::Combination::kProbabilities, {0.5, 0.5, 0.5});
  const std::vector<float> alone = {0.1F, 0.7F};
  EXPECT_EQ(Combine(group, {alone}), alone);
  const std::vector<float> mean = Combine(group, {{0.2F, 1}, {0.4F, 0}, {0.6F, 0.5F}});
  EXPECT_NEAR(mean[0], 0.4, 1e-7);
  EXPECT_NEAR(mean[1], 0.5, 1e-7);
  EXPECT_TRUE(Combine(group, {}).empty());
}

TEST(Combine, JoinsLogitsAndVotes) {
  const std::vector<std::vector<float>> members = {{0.5F, 0}, {0.9F, 0}, {0.5F, 1}};
  const auto logits = Combine(GroupOf(model::Combination::kLogits, {0.5, 0.5, 0.5}), members);
  EXPECT_NEAR(logits[0], 1 / (1 + std::exp(-std::log(9.0) / 3)), 1e-6);
  EXPECT_TRUE(std::isfinite(logits[1]));
  // The second member is positive from 0.95 on only, the third from 0.5.
  const auto votes = Combine(GroupOf(model::Combination::kVotes, {0.4, 0.95, 0.5}), members);
  EXPECT_NEAR(votes[0], 2.0 / 3, 1e-6);
  EXPECT_NEAR(votes[1], 1.0 / 3, 1e-6);
}

TEST(Decide, VetoesBradycardiaBeforeTheRulesApply) {
  model::ModelInfo info;
  info.decision.thresholds.assign(26, 0.5);
  const Ensemble ensemble = MakeEnsemble(info, nullptr);
  RecordAnswer prediction;
  prediction.thresholds = info.decision.thresholds;
  prediction.probabilities.assign(26, 0.1F);
  prediction.probabilities[Index("Brady")] = 0.9F;
  Decide(ensemble, prediction);
  EXPECT_EQ(prediction.decisions[Index("Brady")], 1);
  EXPECT_EQ(prediction.decisions[Index("NSR")], 0);
  prediction.may_be_bradycardia = false;
  Decide(ensemble, prediction);
  EXPECT_EQ(prediction.decisions[Index("Brady")], 0);
  EXPECT_EQ(prediction.decisions[Index("NSR")], 1);  // nothing else is positive
}

// By the rate of sinus rhythm, whatever the network says, unless it sees another rhythm; by the
// network where there is no rate.
TEST(Decide, FollowsDefinitions) {
  model::ModelInfo info;
  info.decision.thresholds.assign(26, 0.5);
  info.decision.definitions = {{"SB", dsp::Criterion::kSlowRate, 60, {}, {"AF"}, {"NSR"}},
                               {"LQT", dsp::Criterion::kLongQt, 450, record::Sex::kMale, {}, {}},
                               {"LQT", dsp::Criterion::kLongQt, 460, record::Sex::kFemale, {}, {}}};
  const Ensemble ensemble = MakeEnsemble(info, nullptr);
  RecordAnswer answer;
  answer.thresholds = info.decision.thresholds;
  answer.probabilities.assign(26, 0.1F);
  answer.probabilities[Index("NSR")] = 0.9F;
  answer.measured.emplace();
  const auto decided = [&](const char* name) {
    Decide(ensemble, answer);
    return answer.decisions[Index(name)] != 0;
  };
  dsp::Measurements& values = answer.measured->values;
  values.heart_rate = 59.9;
  EXPECT_TRUE(decided("SB"));
  EXPECT_FALSE(decided("NSR"));
  EXPECT_EQ(answer.defined[Index("SB")], 1);
  EXPECT_EQ(answer.defined[Index("STach")], 0);
  values.heart_rate = 60;
  answer.probabilities[Index("SB")] = 0.9F;
  EXPECT_FALSE(decided("SB"));
  EXPECT_TRUE(decided("NSR"));
  values.heart_rate = 40;
  answer.probabilities[Index("AF")] = 0.9F;
  EXPECT_FALSE(decided("SB"));
  values.heart_rate = std::nan("");
  EXPECT_TRUE(decided("SB"));
  EXPECT_EQ(answer.defined[Index("SB")], 0);

  values.qtc_fridericia = 0.455;
  EXPECT_FALSE(decided("LQT"));  // by the network: who it is of is not known
  answer.info.sex = record::Sex::kFemale;
  EXPECT_FALSE(decided("LQT"));
  answer.info.sex = record::Sex::kMale;
  EXPECT_TRUE(decided("LQT"));
  answer.by_specialists = true;  // who decide by themselves
  EXPECT_FALSE(decided("LQT"));
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
  model::Decision decision;
  decision.thresholds.assign(26, 0.5);
  decision.thresholds = FitThresholds(labels, probabilities, classes, decision);
  const std::vector<double>& thresholds = decision.thresholds;
  EXPECT_NEAR(thresholds[Index("AF")], 0.65, 1e-6);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<std::uint8_t> expected(
        labels.begin() + static_cast<std::ptrdiff_t>(26 * i),
        labels.begin() + static_cast<std::ptrdiff_t>(26 * (i + 1)));
    EXPECT_EQ(Decide(probabilities.data() + 26 * i, classes.classes(), decision), expected);
  }
}

// Each class by the figure that it has: the 26 by the challenge metric, others by their F-measure.
TEST(FitThresholds, FitsThe26AsIfTheyWereAloneAndOthersBesideThem) {
  std::vector<challenge::DiagnosisClass> more = challenge::Classes2021().classes();
  more.insert(more.begin(), {"LVH", "left ventricular hypertrophy", {"164873001"}});
  const challenge::ClassSet classes(more);
  ASSERT_EQ(Find2021Beside(classes).size(), 26u);
  EXPECT_TRUE(Find2021Beside(challenge::Classes2021()).empty());
  Rng rng({4});
  std::vector<std::uint8_t> labels, labels_of_26;
  std::vector<float> probabilities, probabilities_of_26;
  for (int i = 0; i < 200; ++i) {
    for (std::size_t k = 0; k < 27; ++k) {
      const double p = rng.Uniform();
      labels.push_back(rng.Chance(p * p) ? 1 : 0);
      probabilities.push_back(static_cast<float>(p));
      if (k == 0) continue;
      labels_of_26.push_back(labels.back());
      probabilities_of_26.push_back(probabilities.back());
    }
  }
  EXPECT_EQ(Columns(labels, 27, Find2021Beside(classes)), labels_of_26);
  model::Decision decision, alone;
  decision.thresholds.assign(27, 0.9);
  alone.thresholds.assign(26, 0.9);
  for (const double pull : {0.0, 0.01}) {
    const std::vector<double> fitted =
        FitThresholds(labels, probabilities, classes, decision, pull);
    const std::vector<double> expected =
        FitThresholds(labels_of_26, probabilities_of_26, challenge::Classes2021(), alone, pull);
    EXPECT_EQ(std::vector<double>(fitted.begin() + 1, fitted.end()), expected);
    EXPECT_LT(fitted[0], 0.9);
    EXPECT_GT(fitted[0], 0.2);
  }
  std::vector<std::uint8_t> held(27, 0);
  held[0] = 1;
  EXPECT_EQ(FitThresholds(labels, probabilities, classes, decision, 0, held)[0], 0.9);
}

}  // namespace
}  // namespace ecg::infer
