#include "ecg/score/held_logit_map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/core/random.h"
#include "ecg/core/result.h"

namespace ecg::score {
namespace {

// One label in three recordings, at .5: the offset o solves 3 x sigmoid(o) - 1 = -precision x o.
TEST(HeldLogitMap, GoesAsFarAsThePriorLetsIt) {
  const std::vector<std::uint8_t> labels = {1, 0, 0};
  const std::vector<float> scores = {0.5F, 0.5F, 0.5F};
  for (const double precision : {0.1, 1.0, 10.0}) {
    const LogitMap map = FitHeldLogitMaps(labels, scores, 1, {10, precision})[0];
    EXPECT_NEAR(map.slope, 1, 1e-6);
    EXPECT_LT(map.offset, 0);
    EXPECT_NEAR(3 * Sigmoid(map.offset) - 1, -precision * map.offset, 1e-6);
  }
  EXPECT_THROW(FitHeldLogitMaps({1}, {}, 1, {10, 1}), Exception);
}

TEST(HeldLogitMap, FindsTheMapOfManyRecordings) {
  Rng rng({1});
  std::vector<std::uint8_t> labels;
  std::vector<float> scores;
  for (int i = 0; i < 50000; ++i) {
    const double x = rng.Uniform(-4, 4);
    scores.push_back(static_cast<float>(Sigmoid(x)));
    labels.push_back(rng.Chance(Sigmoid(0.5 * x - 1)) ? 1 : 0);
  }
  const LogitMap map = FitHeldLogitMaps(labels, scores, 1, {10, 1})[0];
  EXPECT_NEAR(map.slope, 0.5, 0.03);
  EXPECT_NEAR(map.offset, -1, 0.04);
}

TEST(LogLoss, IsTheMeanOverCells) {
  EXPECT_NEAR(LogLoss({1, 0}, {0.8F, 0.4F}), -(std::log(0.8) + std::log(0.6)) / 2, 1e-6);
  EXPECT_LT(LogLoss({1, 0}, {0.0F, 1.0F}), 17);  // as far as rounded probabilities are trusted
}

}  // namespace
}  // namespace ecg::score
