#include "ecg/train/plan/plan.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::train {
namespace {

TEST(LearningRate, WarmsUpLinearlyThenFollowsACosine) {
  EXPECT_DOUBLE_EQ(LearningRate(1, 0, 10, 110), 0.1);
  EXPECT_DOUBLE_EQ(LearningRate(1, 4, 10, 110), 0.5);
  EXPECT_DOUBLE_EQ(LearningRate(1, 9, 10, 110), 1.0);
  EXPECT_NEAR(LearningRate(1, 59, 10, 110), 0.5, 1e-12);
  EXPECT_NEAR(LearningRate(2, 34, 10, 110), 1 + std::cos(M_PI / 4), 1e-12);
  EXPECT_NEAR(LearningRate(1, 109, 10, 110), 0, 1e-12);
  for (std::size_t step = 10; step < 109; ++step) {
    EXPECT_GT(LearningRate(1, step, 10, 110), LearningRate(1, step + 1, 10, 110));
  }
}

TEST(LearningRate, NeedsNoWarmUp) {
  EXPECT_LE(LearningRate(1, 0, 0, 100), 1);
  EXPECT_GT(LearningRate(1, 0, 0, 100), 0.99);
  EXPECT_TRUE(std::isfinite(LearningRate(1, 5, 10, 5)));
}

Config TwoPhases() {
  Config config;
  config.model.peak_grid = data::PeakGridKind::kPaper;
  config.pretraining.epochs = 3;
  config.pretraining.learning_rate = 2;
  config.pretraining.warmup_epochs = 1;
  config.optimizer.epochs = 4;
  config.optimizer.learning_rate = 1;
  config.optimizer.warmup_epochs = 2;
  config.optimizer.patience = 2;
  return config;
}

TEST(Plan, CountsEpochsAndStepsOverAllPhases) {
  const Plan plan = MakePlan(TwoPhases(), 10);
  ASSERT_EQ(plan.phases.size(), 2u);
  const PhasePlan& first = plan.phases[0];
  const PhasePlan& second = plan.phases[1];
  EXPECT_EQ(first.phase, Phase::kPretraining);
  EXPECT_FALSE(first.objectives.classify);
  EXPECT_TRUE(first.objectives.detect_peaks);
  EXPECT_EQ(first.patience, 0);
  EXPECT_TRUE(second.objectives.classify);
  EXPECT_TRUE(second.objectives.detect_peaks);
  EXPECT_EQ(second.patience, 2);
  EXPECT_EQ(first.first_epoch, 1u);
  EXPECT_EQ(second.first_epoch, 4u);
  EXPECT_EQ(plan.last_epoch(), 7u);
  EXPECT_EQ(plan.StepOf(first, 1, 0), 0u);
  EXPECT_EQ(plan.StepOf(first, 3, 9), 29u);
  EXPECT_EQ(plan.StepOf(second, 1, 0), 30u);
  EXPECT_EQ(plan.StepOf(second, 4, 9), 69u);
}

TEST(Plan, GivesEachPhaseItsOwnRates) {
  const Plan plan = MakePlan(TwoPhases(), 10);
  EXPECT_DOUBLE_EQ(plan.RateAt(plan.phases[0], 1, 4), LearningRate(2, 4, 10, 30));
  EXPECT_DOUBLE_EQ(plan.RateAt(plan.phases[0], 1, 9), 2);
  EXPECT_DOUBLE_EQ(plan.RateAt(plan.phases[1], 1, 0), 1.0 / 20);
  EXPECT_DOUBLE_EQ(plan.RateAt(plan.phases[1], 3, 5), LearningRate(1, 25, 20, 40));
  EXPECT_NEAR(plan.RateAt(plan.phases[1], 4, 9), 0, 1e-12);
}

TEST(Plan, LeavesOutAPhaseWithoutEpochs) {
  Config config = TwoPhases();
  config.pretraining.epochs = 0;
  config.model.peak_grid = data::PeakGridKind::kNone;
  const Plan plan = MakePlan(config, 10);
  ASSERT_EQ(plan.phases.size(), 1u);
  EXPECT_EQ(plan.phases[0].first_epoch, 1u);
  EXPECT_FALSE(plan.phases[0].objectives.detect_peaks);
}

}  // namespace
}  // namespace ecg::train
