#include "ecg/train/plan/run_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "ecg/core/file.h"
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
  epoch.validation_loss = 0.125;
  epoch.classes = {"AF"};
  epoch.validation.per_class.resize(1);
  epoch.validation.per_class[0].auroc = 0.875;
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
  EXPECT_EQ(read.learning_rates, std::vector<double>{0.001});
  EXPECT_EQ(read.epoch_ends, std::vector<std::size_t>{1});
  ASSERT_EQ(read.epochs.size(), 1u);
  EXPECT_EQ(read.epochs[0].phase, Phase::kTraining);
  EXPECT_EQ(read.epochs[0].epoch, 3);
  EXPECT_EQ(read.epochs[0].loss, 0.5);
  EXPECT_EQ(read.epochs[0].validation.auroc, 0.75);
  EXPECT_TRUE(std::isnan(read.epochs[0].validation.challenge));
  EXPECT_EQ(read.epochs[0].validation_loss, 0.125);
  EXPECT_EQ(read.epochs[0].times.saving, 4);
  EXPECT_EQ(read.epochs[0].classes, std::vector<std::string>{"AF"});
  ASSERT_EQ(read.epochs[0].validation.per_class.size(), 1u);
  EXPECT_EQ(read.epochs[0].validation.per_class[0].auroc, 0.875);
  EXPECT_EQ(read.final, Json({{"test", 1}}));
}

TEST(RunLog, GivesTensorBoardGroups) {
  const test::TemporaryFolder folder;
  EpochSummary epoch;
  epoch.classes = {"AF"};
  epoch.validation.per_class.resize(1);
  {
    RunLog log(folder.path(), 0);
    log.Step(Phase::kTraining, 6, {0.25, 0.001, {}});
    log.Epoch(epoch, 8);
  }
  std::string events;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("events.out.tfevents.", 0) == 0) events = *ReadFile(entry.path());
  }
  for (const char* tag : {"train/loss", "train/learning_rate", "train/epoch_loss", "val/auroc",
                          "val/challenge_metric", "time/seconds_waiting", "class/AF/auroc"}) {
    EXPECT_NE(events.find(tag), std::string::npos) << tag;
  }
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
  std::filesystem::remove(folder / "metrics.jsonl");
  std::filesystem::create_symlink("/dev/zero", folder / "metrics.jsonl");
  EXPECT_THROW(ReadRunLog(folder.path()), Exception);
  EXPECT_THROW(RunLog::CountLines(folder.path()), Exception);
}

}  // namespace
}  // namespace ecg::train
