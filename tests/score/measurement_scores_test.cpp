#include "ecg/score/measurement_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecg/core/random.h"
#include "ecg/core/result.h"

namespace ecg::score {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(MeasurementScores, FollowTheirFormula) {
  MeasurementScores scores{{10, 0}, {2, 1}, {{1, 0.5, 0.25, 2, 8, 0, 0, 0, 16}, {}}};
  EXPECT_EQ(scores.terms(), 9U);
  // z is 1.5 there, and the second value counts for nothing.
  const std::vector<double> found = scores.Of({13, 5});
  EXPECT_DOUBLE_EQ(found[0], 1 + 0.5 * 1.5 + 0.25 * 1.5 + 2 * 2.25);
  EXPECT_TRUE(std::isnan(found[1]));
  EXPECT_DOUBLE_EQ(scores.Of({kNaN, 5})[0], 1 + 8);
  EXPECT_DOUBLE_EQ(scores.Of({-1e300, kNaN})[0], 1 - 0.5 * 4 + 0.25 * 4 + 2 * 16 + 16);
  EXPECT_EQ(scores.Of({std::numeric_limits<double>::infinity(), 0})[0], scores.Of({kNaN, 0})[0]);
}

struct Samples {
  std::vector<double> values;
  std::vector<std::uint8_t> labels, known;
};

Samples Made() {
  Samples made;
  for (int i = 0; i < 60; ++i) {
    const double x = std::sin(1.3 * i);
    const bool missing = i % 7 == 3;
    const double y = missing ? 0 : std::cos(0.7 * i) + 0.2 * x;
    made.values.insert(made.values.end(), {x, missing ? kNaN : y});
    made.labels.push_back(x + y + 0.8 * std::sin(5.1 * i) > 0.3 ? 1 : 0);
    made.known.push_back(1);
  }
  return made;
}

// Against the minimum that SciPy 1.10 finds (optimize.minimize, BFGS) of the same function.
TEST(MeasurementScores, AreTheMostLikely) {
  const Samples made = Made();
  const MeasurementScores scores =
      FitMeasurementScores(made.values, made.labels, made.known, {1}, 1);
  EXPECT_NEAR(scores.centre[0], 0.00177631, 1e-8);
  EXPECT_NEAR(scores.centre[1], 0.12023955, 1e-8);
  EXPECT_NEAR(scores.scale[0], 0.70623265, 1e-8);
  EXPECT_NEAR(scores.scale[1], 0.7477784, 1e-8);
  const std::vector<double> expected = {-1.36885,   0.24850776, 0.02642439,  0.03809381, 0,
                                        0.19800492, 0.00152432, -0.02456136, 0.00558355};
  ASSERT_EQ(scores.weights[0].size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(scores.weights[0][i], expected[i], 1e-4) << i;
  }
}

TEST(MeasurementScores, CountOnlyLabelsThatAreKnown) {
  Samples made = Made();
  const auto first = FitMeasurementScores(made.values, made.labels, made.known, {1}, 1);
  // As many again, about which nothing is known, that would turn everything round.
  const std::size_t count = made.labels.size();
  for (std::size_t i = 0; i < count; ++i) {
    made.labels.push_back(made.labels[i] != 0 ? 0 : 1);
    made.known.push_back(0);
  }
  const std::vector<double> values = made.values;
  made.values.insert(made.values.end(), values.begin(), values.end());
  EXPECT_EQ(FitMeasurementScores(made.values, made.labels, made.known, {1}, 1).weights,
            first.weights);
}

TEST(MeasurementScores, NothingIsKnownOfClassesWithHardlyAnyLabelOrThatNobodyWants) {
  const std::size_t classes = 4, count = 200;
  Rng rng({1});
  std::vector<double> values;
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = rng.Normal();
    values.push_back(x);
    const bool above = x > 0;
    labels.insert(labels.end(),
                  {static_cast<std::uint8_t>(above), static_cast<std::uint8_t>(i < 9),
                   static_cast<std::uint8_t>(i >= 9), static_cast<std::uint8_t>(above)});
  }
  const std::vector<std::uint8_t> known(count * classes, 1), wanted = {1, 1, 1, 0};
  const auto scores = FitMeasurementScores(values, labels, known, wanted, 1);
  EXPECT_FALSE(scores.weights[0].empty());
  for (const std::size_t k : {1U, 2U, 3U}) EXPECT_TRUE(scores.weights[k].empty()) << k;
  EXPECT_GT(scores.Of({1})[0], scores.Of({-1})[0] + 1);
  EXPECT_EQ(FitMeasurementScores(values, labels, known, wanted, 3).weights, scores.weights);
}

TEST(MeasurementScores, SizesMustFit) {
  EXPECT_THROW(FitMeasurementScores({1, 2, 3}, {1, 0}, {1, 1}, {1}, 1), Exception);
  EXPECT_THROW(FitMeasurementScores({1, 2}, {1, 0}, {1}, {1}, 1), Exception);
  EXPECT_THROW(FitMeasurementScores({}, {}, {}, {1}, 1), Exception);
  EXPECT_THROW(FitMeasurementScores({}, {}, {}, {}, 1), Exception);
}

}  // namespace
}  // namespace ecg::score
