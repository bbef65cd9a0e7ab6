#include "ecg/score/logit_map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/core/random.h"
#include "ecg/core/result.h"

namespace ecg::score {
namespace {

TEST(LogitMap, TheDefaultChangesNothingAndOrderStays) {
  for (const float p : {0.001F, 0.25F, 0.5F, 0.999F}) EXPECT_NEAR(LogitMap().Apply(p), p, 1e-6);
  const LogitMap map{2, -1};
  float before = -1;
  for (float p = 0; p <= 1; p += 0.01F) {
    EXPECT_GE(map.Apply(p), before);
    before = map.Apply(p);
  }
  EXPECT_TRUE(std::isfinite(map.Apply(0)));
  EXPECT_TRUE(std::isfinite(map.Apply(1)));
}

// Labels drawn with the probability sigmoid(0.5 x - 1) where the scores say sigmoid(x).
TEST(LogitMap, FindsTheMapThatTheLabelsWereDrawnBy) {
  Rng rng({1});
  std::vector<std::uint8_t> labels;
  std::vector<float> scores;
  for (int i = 0; i < 40000; ++i) {
    const double x = rng.Normal(0, 2);
    scores.push_back(static_cast<float>(1 / (1 + std::exp(-x))));
    labels.push_back(rng.Chance(1 / (1 + std::exp(1 - 0.5 * x))) ? 1 : 0);
  }
  const std::vector<LogitMap> maps = FitLogitMaps(labels, scores, 1);
  EXPECT_NEAR(maps[0].slope, 0.5, 0.03);
  EXPECT_NEAR(maps[0].offset, -1, 0.03);
}

TEST(LogitMap, IsCautiousWhereThereIsNothingToFit) {
  // Two classes: the first is never there, the second always.
  std::vector<std::uint8_t> labels;
  std::vector<float> scores;
  for (int i = 0; i < 100; ++i) {
    labels.insert(labels.end(), {0, 1});
    scores.insert(scores.end(), {0.3F, 0.3F});
  }
  const std::vector<LogitMap> maps = FitLogitMaps(labels, scores, 2);
  EXPECT_NEAR(maps[0].Apply(0.3F), 1.0 / 102, 2e-3);
  EXPECT_NEAR(maps[1].Apply(0.3F), 101.0 / 102, 2e-3);
  EXPECT_GT(maps[0].slope, 0);
  EXPECT_EQ(FitLogitMaps({}, {}, 2).size(), 2u);
  EXPECT_THROW(FitLogitMaps({1}, {}, 1), Exception);
}

}  // namespace
}  // namespace ecg::score
