#include "ecg/score/thresholds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecg/core/result.h"
#include "ecg/score/logit_map.h"
#include "ecg/score/metrics.h"
#include "tests/score/plain_metrics.h"

namespace ecg::score {
namespace {

using test::RandomOutcomes;

constexpr std::size_t kRecordings = 80;

struct Samples {
  std::vector<std::uint8_t> labels;
  std::vector<float> probabilities;
};

// Scores that tell something: higher where there is a label; with ties.
Samples RandomSamples(std::size_t classes) {
  const Outcomes outcomes = RandomOutcomes(kRecordings, classes, {0.2, 0.2, 20, 0, 0, 0}, 5);
  Samples samples{outcomes.labels, {}};
  for (std::size_t cell = 0; cell < outcomes.scores.size(); ++cell) {
    const double lift = outcomes.labels[cell] != 0 ? 0.3 : 0;
    samples.probabilities.push_back(static_cast<float>(0.6 * outcomes.scores[cell] + lift));
  }
  return samples;
}

double FMeasure(const Samples& samples, std::size_t classes, std::size_t k, double threshold) {
  double hits = 0, errors = 0;
  for (std::size_t cell = k; cell < samples.labels.size(); cell += classes) {
    const bool positive = static_cast<double>(samples.probabilities[cell]) >= threshold;
    const bool label = samples.labels[cell] != 0;
    hits += positive && label ? 1 : 0;
    errors += positive != label ? 1 : 0;
  }
  return 2 * hits / (2 * hits + errors);
}

double Challenge(const Samples& samples, const challenge::ClassSet& classes,
                 const std::vector<double>& thresholds) {
  std::vector<std::uint8_t> decisions;
  for (std::size_t cell = 0; cell < samples.labels.size(); ++cell) {
    const double threshold = thresholds[cell % classes.size()];
    decisions.push_back(static_cast<double>(samples.probabilities[cell]) >= threshold ? 1 : 0);
  }
  return ChallengeMetric(samples.labels, decisions, classes);
}

const DecisionRule kNoRule = [](std::size_t /*recording*/, std::uint8_t* /*decisions*/) {};

// The same threshold for every class.
ThresholdStart StartAt(double threshold, const challenge::ClassSet& classes) {
  return {std::vector<double>(classes.size(), threshold)};
}

TEST(FitThresholds, RaisesTheChallengeMetric) {
  for (const challenge::ClassSet* classes :
       {&challenge::Classes2021(), &challenge::ClassesCpsc()}) {
    const Samples samples = RandomSamples(classes->size());
    const std::vector<double> fitted = FitThresholds(samples.labels, samples.probabilities,
                                                     *classes, StartAt(0.5, *classes), kNoRule);
    const std::vector<double> fixed(classes->size(), 0.5);
    EXPECT_GT(Challenge(samples, *classes, fitted), Challenge(samples, *classes, fixed) + 0.01);
  }
}

// No other threshold gives any class of another task a higher F-measure.
TEST(FitThresholds, FindsTheBestFMeasuresWithoutRewards) {
  const challenge::ClassSet classes(challenge::ClassesCpsc().classes());
  Samples samples = RandomSamples(classes.size());
  for (std::size_t cell = 2; cell < samples.labels.size(); cell += classes.size()) {
    samples.labels[cell] = 0;  // a class without a label
  }
  const DecisionRule never = [](std::size_t /*recording*/, std::uint8_t* decisions) {
    decisions[0] = 0;
  };
  const std::vector<double> fitted =
      FitThresholds(samples.labels, samples.probabilities, classes, StartAt(0.25, classes), never);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (k == 2) {
      EXPECT_EQ(fitted[k], 0.25);
      continue;
    }
    const double best = FMeasure(samples, classes.size(), k, fitted[k]);
    EXPECT_GT(best, 0.4);
    for (std::size_t cell = k; cell < samples.labels.size(); cell += classes.size()) {
      const auto other = static_cast<double>(samples.probabilities[cell]);
      EXPECT_LE(FMeasure(samples, classes.size(), k, other), best) << "class " << k;
      EXPECT_NE(fitted[k], other);  // half-way between two of them
    }
  }
}

TEST(FitThresholds, KeepsAThresholdThatCannotBeImproved) {
  const challenge::ClassSet classes(std::vector<challenge::DiagnosisClass>{{"X", "x", {}}});
  const std::vector<std::uint8_t> labels = {0, 1, 1, 0};
  const std::vector<float> probabilities = {0.1F, 0.7F, 0.9F, 0.2F};
  EXPECT_EQ(FitThresholds(labels, probabilities, classes, StartAt(0.5, classes), kNoRule)[0], 0.5);
  EXPECT_NEAR(FitThresholds(labels, probabilities, classes, StartAt(0.8, classes), kNoRule)[0],
              0.45, 1e-6);
  EXPECT_EQ(FitThresholds({}, {}, classes, StartAt(0.5, classes), kNoRule)[0], 0.5);
}

// A threshold that is held moves where many recordings ask for it, and otherwise stays to the bit;
// what it has gained there is more than its way costs.
TEST(FitThresholds, IsHeldByItsStart) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  const Samples samples = RandomSamples(classes.size());
  ThresholdStart start = StartAt(0.5, classes);
  const auto fit = [&](double pull) {
    start.pull = pull;
    return FitThresholds(samples.labels, samples.probabilities, classes, start, kNoRule);
  };
  const std::vector<double> fixed = start.thresholds;
  const auto moved = [&](const std::vector<double>& thresholds) {
    std::size_t count = 0;
    for (const double threshold : thresholds) count += threshold != 0.5 ? 1 : 0;
    return count;
  };
  EXPECT_EQ(fit(100), fixed);
  const std::vector<double> held = fit(0.01), free = fit(0);
  EXPECT_GT(moved(held), 0U);
  const auto way = [](const std::vector<double>& thresholds) {
    double squares = 0;
    for (const double threshold : thresholds) squares += Logit(threshold) * Logit(threshold);
    return squares;
  };
  EXPECT_LT(way(held), way(free));
  EXPECT_GT(Challenge(samples, classes, held) - 0.01 * way(held),
            Challenge(samples, classes, fixed));
  start.held.assign(26, 1);
  start.held[3] = 0;
  const std::vector<double> one = fit(0);
  EXPECT_NE(one[3], 0.5);
  EXPECT_EQ(moved(one), 1U);
}

TEST(FitThresholds, RefusesProbabilitiesThatAreNotFinite) {
  for (const float odd :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (const bool rewards : {true, false}) {
      const challenge::ClassSet classes(
          challenge::ClassesCpsc().classes(),
          rewards ? challenge::ClassesCpsc().rewards() : std::vector<double>());
      Samples samples = RandomSamples(classes.size());
      samples.probabilities[classes.size() + 1] = odd;
      try {
        FitThresholds(samples.labels, samples.probabilities, classes, StartAt(0.5, classes),
                      kNoRule);
        FAIL() << odd;
      } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().kind, ErrorKind::kInternal);
        EXPECT_EQ(exception.error().field, "IAVB");
      }
    }
  }
}

// Where a few recordings may move thresholds only so far, F-measures are weighed against the way.
TEST(FitThresholds, HoldsFMeasuresWithThePull) {
  const challenge::ClassSet classes(challenge::ClassesCpsc().classes());
  const Samples samples = RandomSamples(classes.size());
  const auto fit = [&](double pull) {
    ThresholdStart start = StartAt(0.9, classes);
    start.pull = pull;
    return FitThresholds(samples.labels, samples.probabilities, classes, start, kNoRule);
  };
  // Hardly any pull finds what none does; a strong one stays.
  const std::vector<double> free = fit(0), light = fit(1e-12), held = fit(100);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    EXPECT_EQ(FMeasure(samples, classes.size(), k, light[k]),
              FMeasure(samples, classes.size(), k, free[k]));
    EXPECT_EQ(held[k], 0.9);
  }
  // No other place is worth more, but that a threshold keeps off the probabilities beside it.
  constexpr double kKeptOff = 0.01;
  const double pull = 0.002;
  const std::vector<double> fitted = fit(pull);
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto worth = [&](double threshold) {
      const double way = logit(threshold) - logit(0.9);
      return FMeasure(samples, classes.size(), k, threshold) -
             pull * static_cast<double>(classes.size()) * way * way;
    };
    EXPECT_LT(fitted[k], 0.9);
    for (double other = 0.02; other < 1; other += 0.02) {
      EXPECT_LE(worth(other), worth(fitted[k]) + kKeptOff) << other;
    }
  }
}

}  // namespace
}  // namespace ecg::score
