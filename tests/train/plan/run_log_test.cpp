#include "ecg/train/plan/run_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/support.h"

namespace ecg::train {
namespace {

TEST(RunLog, IsReadAsItWasWritten) {
  const test::TemporaryFolder folder;
  EpochSummary epoch;
  epoch.epoch = 3;
  epoch.loss = 0.5;
  epoch.validation.auroc = 0.75;
  epoch.validation.challenge = std::nan("");
  epoch.times = {1, 2, 3, 4};
  {
    RunLog log(folder.path(), 0);
    log.Step(Phase::kTraining, 6, {0.25, 0.001, {}});
    log.Step(Phase::kTraining, 7, {{}, 0.002, {}});
    log.Epoch(epoch, 8);
    log.Final({{"test", 1}}, 8);
    EXPECT_EQ(log.lines(), 4u);
  }
  std::ofstream(folder / "metrics.jsonl", std::ios::app) << R"({"phase":"trai)";
  EXPECT_EQ(RunLog::CountLines(folder.path()), 4u);
  const RunFigures read = ReadRunLog(folder.path());
  EXPECT_EQ(read.losses, std::vector<double>{0.25});
  EXPECT_EQ(read.learning_rate, 0.001);
  ASSERT_EQ(read.epochs.size(), 1u);
  EXPECT_EQ(read.epochs[0].phase, Phase::kTraining);
  EXPECT_EQ(read.epochs[0].epoch, 3);
  EXPECT_EQ(read.epochs[0].loss, 0.5);
  EXPECT_EQ(read.epochs[0].validation.auroc, 0.75);
  EXPECT_TRUE(std::isnan(read.epochs[0].validation.challenge));
  EXPECT_EQ(read.epochs[0].times.saving, 4);
  EXPECT_EQ(read.final, Json({{"test", 1}}));
}

TEST(RunLog, GoesOnBehindWhatIsKept) {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    RunLog log(folder.path(), static_cast<std::uint64_t>(i));
    log.Step(Phase::kTraining, 1, {1.0 + i, 0, {}});
    log.Step(Phase::kTraining, 2, {9, 0, {}});
  }
  EXPECT_EQ(ReadRunLog(folder.path()).losses, (std::vector<double>{1, 2, 9}));
  EXPECT_TRUE(ReadRunLog(folder / "none").final.is_null());
}

}  // namespace
}  // namespace ecg::train
