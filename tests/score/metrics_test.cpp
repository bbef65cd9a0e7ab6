#include "ecg/score/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecg/core/result.h"
#include "ecg/score/evaluator.h"
#include "ecg/score/incremental.h"
#include "src/score/pairwise_sum.h"
#include "tests/score/plain_metrics.h"

namespace ecg::score {
namespace {

using test::PlainEvaluate;
using test::RandomKind;
using test::RandomOutcomes;

void ExpectSame(double got, double expected, const char* what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(got)) << what << " is " << got << " instead of NaN";
  } else {
    EXPECT_NEAR(got, expected, 1e-12) << what;
  }
}

void ExpectSame(const Metrics& got, const Metrics& expected) {
  EXPECT_EQ(got.recordings, expected.recordings);
  ExpectSame(got.auroc, expected.auroc, "AUROC");
  ExpectSame(got.auprc, expected.auprc, "AUPRC");
  ExpectSame(got.accuracy, expected.accuracy, "accuracy");
  ExpectSame(got.f_measure, expected.f_measure, "F-measure");
  ExpectSame(got.f_beta, expected.f_beta, "F-beta");
  ExpectSame(got.g_beta, expected.g_beta, "G-beta");
  ExpectSame(got.challenge, expected.challenge, "challenge metric");
  ASSERT_EQ(got.per_class.size(), expected.per_class.size());
  for (std::size_t k = 0; k < expected.per_class.size(); ++k) {
    SCOPED_TRACE("class " + std::to_string(k));
    const ClassMetrics &g = got.per_class[k], &e = expected.per_class[k];
    ExpectSame(g.auroc, e.auroc, "AUROC");
    ExpectSame(g.auprc, e.auprc, "AUPRC");
    ExpectSame(g.f_measure, e.f_measure, "F-measure");
    ExpectSame(g.f_beta, e.f_beta, "F-beta");
    ExpectSame(g.g_beta, e.g_beta, "G-beta");
    EXPECT_EQ(g.true_positives, e.true_positives);
    EXPECT_EQ(g.false_positives, e.false_positives);
    EXPECT_EQ(g.false_negatives, e.false_negatives);
    EXPECT_EQ(g.true_negatives, e.true_negatives);
  }
}

// The outcomes with recording i repeated counts[i] times.
Outcomes Repeated(const Outcomes& outcomes, const std::vector<std::uint32_t>& counts) {
  Outcomes repeated;
  repeated.classes = outcomes.classes;
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    for (std::uint32_t copy = 0; copy < counts[i]; ++copy) {
      ++repeated.recordings;
      for (std::size_t k = 0; k < outcomes.classes; ++k) {
        const std::size_t cell = i * outcomes.classes + k;
        repeated.labels.push_back(outcomes.labels[cell]);
        repeated.decisions.push_back(outcomes.decisions[cell]);
        repeated.scores.push_back(outcomes.scores[cell]);
      }
    }
  }
  return repeated;
}

const std::vector<RandomKind>& Kinds() {
  static const std::vector<RandomKind> kinds = {
      {},
      {0.08, 0.1, 5, 0, 0, 0},          // heavy ties
      {0.3, 0.3, 1, 0, 0, 0},           // constant scores
      {0.08, 0.1, 100, 0.2, 0.3, 0.2},  // NaN, empty and full classes
      {0.0, 0.1, 0, 0, 0, 0},           // no label at all
      {0.2, 0.0, 20, 0.01, 0.5, 0},     // few decisions
  };
  return kinds;
}

TEST(Metrics, EqualThePlainDefinitionsOnRandomData) {
  for (const challenge::ClassSet* classes :
       {&challenge::Classes2021(), &challenge::Classes2020()}) {
    for (std::size_t kind = 0; kind < Kinds().size(); ++kind) {
      for (const std::size_t recordings :
           {std::size_t{1}, std::size_t{2}, std::size_t{17}, std::size_t{300}}) {
        SCOPED_TRACE("kind " + std::to_string(kind) + ", recordings " + std::to_string(recordings));
        const Outcomes outcomes = RandomOutcomes(recordings, classes->size(), Kinds()[kind], kind);
        const Metrics expected = PlainEvaluate(outcomes, *classes);
        ExpectSame(Evaluate(outcomes, *classes), expected);
        EXPECT_NEAR(ChallengeMetric(outcomes.labels, outcomes.decisions, *classes),
                    expected.challenge, 1e-12);
      }
    }
  }
}

TEST(Metrics, DoNotDependOnTheNumberOfThreads) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  const Outcomes outcomes = RandomOutcomes(500, classes.size(), Kinds()[3], 7);
  const Metrics one = Evaluate(outcomes, classes, 1), four = Evaluate(outcomes, classes, 4);
  EXPECT_EQ(one.auroc, four.auroc);
  EXPECT_EQ(one.auprc, four.auprc);
  EXPECT_EQ(one.challenge, four.challenge);
}

// Every distinct score is tried as a threshold.
TEST(BestThreshold, IsTheBestOfAll) {
  const Outcomes outcomes = RandomOutcomes(150, 26, {0.1, 0.1, 40, 0, 0.1, 0}, 12);
  const Metrics metrics = Evaluate(outcomes, challenge::Classes2021());
  for (std::size_t k = 0; k < 26; ++k) {
    double best = std::numeric_limits<double>::quiet_NaN(), best_threshold = best;
    for (std::size_t j = 0; j < outcomes.recordings; ++j) {
      const double threshold = outcomes.scores[j * 26 + k];
      double tp = 0, wrong = 0, labels = 0;
      for (std::size_t i = 0; i < outcomes.recordings; ++i) {
        const bool positive = outcomes.scores[i * 26 + k] >= threshold;
        const bool label = outcomes.labels[i * 26 + k] != 0;
        labels += label ? 1 : 0;
        tp += positive && label ? 1 : 0;
        wrong += positive != label ? 1 : 0;
      }
      if (labels == 0) break;
      const double f = 2 * tp / (2 * tp + wrong);
      if (std::isnan(best) || f > best || (f == best && threshold > best_threshold)) {
        best = f;
        best_threshold = threshold;
      }
    }
    if (std::isnan(best)) {
      EXPECT_TRUE(std::isnan(metrics.per_class[k].best_f_measure));
      EXPECT_TRUE(std::isnan(metrics.per_class[k].best_threshold));
    } else {
      EXPECT_NEAR(metrics.per_class[k].best_f_measure, best, 1e-12);
      EXPECT_EQ(metrics.per_class[k].best_threshold, best_threshold);
    }
  }
}

TEST(ClassMetrics, GiveSensitivitySpecificityAndPredictiveValue) {
  ClassMetrics of;
  of.true_positives = 8;
  of.false_negatives = 2;
  of.false_positives = 24;
  of.true_negatives = 66;
  EXPECT_DOUBLE_EQ(of.Sensitivity(), 0.8);
  EXPECT_DOUBLE_EQ(of.Specificity(), 66.0 / 90);
  EXPECT_DOUBLE_EQ(of.PositivePredictiveValue(), 0.25);
  EXPECT_TRUE(std::isnan(ClassMetrics().Sensitivity()));
}

TEST(Metrics, OfClassesWithoutRewardsLackTheChallengeMetricAlone) {
  const challenge::ClassSet& all = challenge::Classes2021();
  const challenge::ClassSet plain(all.classes());
  for (const RandomKind& kind : Kinds()) {
    const Outcomes outcomes = RandomOutcomes(60, all.size(), kind, 3);
    Metrics expected = Evaluate(outcomes, all);
    expected.challenge = std::numeric_limits<double>::quiet_NaN();
    ExpectSame(Evaluate(outcomes, plain), expected);
    EXPECT_TRUE(std::isnan(ChallengeMetric(outcomes.labels, outcomes.decisions, plain)));
    EXPECT_THROW(IncrementalChallengeMetric(outcomes.labels, outcomes.decisions, plain), Exception);
  }
}

TEST(Metrics, OfAPartOfTheClassesFollowTheDefinitions) {
  const challenge::ClassSet& classes = challenge::ClassesCpsc();
  const Outcomes outcomes = RandomOutcomes(200, classes.size(), Kinds()[3], 4);
  ExpectSame(Evaluate(outcomes, classes), PlainEvaluate(outcomes, classes));
}

// Wherever it stands, NaN is what 0 is: no sort may see it.
TEST(Metrics, TakeNanForZero) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  Outcomes outcomes = RandomOutcomes(300, classes.size(), {0.3, 0.3, 10, 0, 0, 0}, 6);
  Outcomes zeros = outcomes;
  for (std::size_t cell = 0; cell < outcomes.scores.size(); cell += 1 + cell % 3) {
    outcomes.scores[cell] = std::numeric_limits<double>::quiet_NaN();
    zeros.scores[cell] = 0;
  }
  const Metrics got = Evaluate(outcomes, classes), expected = Evaluate(zeros, classes);
  ExpectSame(got, expected);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    EXPECT_EQ(got.per_class[k].best_threshold, expected.per_class[k].best_threshold);
  }
}

TEST(Metrics, KnowTheirLimits) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  Outcomes outcomes = RandomOutcomes(50, classes.size(), {}, 1);
  outcomes.decisions = outcomes.labels;
  EXPECT_DOUBLE_EQ(Evaluate(outcomes, classes).challenge, 1.0);
  EXPECT_DOUBLE_EQ(Evaluate(outcomes, classes).accuracy, 1.0);
  for (std::size_t cell = 0; cell < outcomes.decisions.size(); ++cell) {
    outcomes.decisions[cell] = cell % classes.size() == *classes.normal_index() ? 1 : 0;
  }
  EXPECT_DOUBLE_EQ(Evaluate(outcomes, classes).challenge, 0.0);
}

TEST(Metrics, InfiniteScoresAreOrderedLikeOthers) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  Outcomes outcomes = RandomOutcomes(40, classes.size(), {}, 5);
  Outcomes huge = outcomes;
  for (std::size_t cell = 0; cell < outcomes.scores.size(); ++cell) {
    if (outcomes.scores[cell] > 0.6) {
      outcomes.scores[cell] = 2;
      huge.scores[cell] = std::numeric_limits<double>::infinity();
    }
  }
  EXPECT_EQ(Evaluate(huge, classes).auroc, Evaluate(outcomes, classes).auroc);
  EXPECT_EQ(Evaluate(huge, classes).auprc, Evaluate(outcomes, classes).auprc);
}

TEST(Metrics, RefuseOutcomesThatDoNotFit) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  Outcomes outcomes = RandomOutcomes(4, classes.size(), {}, 1);
  outcomes.scores.pop_back();
  EXPECT_THROW(Evaluate(outcomes, classes), Exception);
  EXPECT_THROW(
      ChallengeMetric(std::vector<std::uint8_t>(26), std::vector<std::uint8_t>(52), classes),
      Exception);
}

TEST(Evaluator, CountsARecordingAsOftenAsTold) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  for (std::size_t kind = 0; kind < Kinds().size(); ++kind) {
    SCOPED_TRACE("kind " + std::to_string(kind));
    const Outcomes outcomes = RandomOutcomes(60, classes.size(), Kinds()[kind], kind + 10);
    const Evaluator evaluator(outcomes, classes);
    Rng rng({kind, 99});
    std::vector<std::uint32_t> counts;
    for (std::size_t i = 0; i < outcomes.recordings; ++i) {
      counts.push_back(static_cast<std::uint32_t>(rng.Below(4)));
    }
    ExpectSame(evaluator.Evaluate(counts), PlainEvaluate(Repeated(outcomes, counts), classes));
  }
}

TEST(Evaluator, ASelectionEqualsItselfAloneToTheLastBit) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  const Outcomes outcomes = RandomOutcomes(200, classes.size(), Kinds()[3], 3);
  std::vector<std::uint32_t> selection;
  for (std::size_t i = 0; i < outcomes.recordings; ++i) selection.push_back(i % 3 == 0 ? 1 : 0);
  const Metrics selected = Evaluator(outcomes, classes).Evaluate(selection);
  const Metrics alone = Evaluate(Repeated(outcomes, selection), classes);
  EXPECT_EQ(selected.auroc, alone.auroc);
  EXPECT_EQ(selected.auprc, alone.auprc);
  EXPECT_EQ(selected.f_beta, alone.f_beta);
  EXPECT_EQ(selected.challenge, alone.challenge);
}

TEST(IncrementalChallengeMetric, FollowsEveryChange) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  Outcomes outcomes = RandomOutcomes(80, classes.size(), {0.1, 0.1, 0, 0, 0, 0}, 21);
  IncrementalChallengeMetric metric(outcomes.labels, outcomes.decisions, classes);
  EXPECT_NEAR(metric.Value(), ChallengeMetric(outcomes.labels, outcomes.decisions, classes), 1e-12);
  Rng rng({4});
  for (int change = 0; change < 2000; ++change) {
    const std::size_t i = rng.Below(outcomes.recordings), k = rng.Below(classes.size());
    const bool decision = rng.Chance(0.3);
    outcomes.decisions[i * classes.size() + k] = decision ? 1 : 0;
    metric.SetDecision(i, k, decision);
    ASSERT_EQ(metric.Decision(i, k), decision);
    if (change % 50 != 0) continue;
    ASSERT_NEAR(metric.Value(), ChallengeMetric(outcomes.labels, outcomes.decisions, classes),
                1e-12);
  }
}

}  // namespace
}  // namespace ecg::score
