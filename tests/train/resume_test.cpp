// Runs that are interrupted and go on leave the same bytes as one that never was.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "src/train/checkpoint_folder.h"
#include "src/train/identity.h"
#include "tests/support.h"
#include "tests/train/run_files.h"
#include "tests/train/tiny_run.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

// Wishes a stop when a given number of things have happened: steps, epochs' last steps (the
// validation is next), epochs, figures of the finished model.
class Stopper : public Recorder, private ProgressSink {
 public:
  explicit Stopper(int after) : left_(after) {}
  const StopToken& stop() const { return stop_; }

  void OnEpoch(const EpochSummary& summary) override {
    Recorder::OnEpoch(summary);
    Count();
  }
  ProgressSink& progress() override { return *this; }

 private:
  void Begin(const std::string&, std::size_t) override {}
  void Advance(std::size_t, const std::string&) override { Count(); }
  void End() override { Count(); }
  void Count() {
    if (--left_ == 0) stop_.RequestStop();
  }

  int left_;
  StopToken stop_;
};

class ResumeTest : public testing::Test {
 protected:
  ResumeTest() {
    WriteRecords(folder_ / "records", 24);
    config_ = PeakConfig(folder_);
    config_.pretraining.epochs = 2;
    config_.optimizer.epochs = 3;
    config_.optimizer.patience = 2;
    config_.model.dropout = 0.2;
    config_.optimizer.average_decay = 0.9;
    config_.augment.noise_mv = 0.05;
    config_.checkpoint.keep = 2;
  }

  Config Named(const std::string& output) const {
    Config config = config_;
    config.output = (folder_ / output).string();
    return config;
  }

  // What an uninterrupted run leaves.
  const test::RunFiles& Whole() {
    if (whole_.empty()) {
      Recorder recorder;
      TrainAll(Named("whole"), recorder);
      whole_ = test::ReadRun(folder_ / "whole/tiny");
    }
    return whole_;
  }

  // Goes on until the end; returns how many parts that took.
  int GoOn(Config config, int events_in_each) {
    for (int parts = 1;; ++parts) {
      config.data.loader_threads = 1 + parts % 3;
      Stopper stopper(events_in_each);
      if (Train(config, Existing::kResume, stopper, stopper.stop())) return parts;
      if (parts > 1000) throw std::runtime_error("does not come to an end");
    }
  }

  test::TemporaryFolder folder_;
  Config config_;
  test::RunFiles whole_;
};

TEST_F(ResumeTest, WhereverItStops) {
  int after = 1;
  for (int parts = 2; parts > 1; after += 3) {
    const std::string name = "stopped" + std::to_string(after);
    Stopper first(after);
    const Config config = Named(name);
    const auto bundle = Train(config, Existing::kRefuse, first, first.stop());
    parts = bundle ? 1 : 2;
    if (!bundle) GoOn(config, 1000000);
    EXPECT_EQ(test::FindDifference(Whole(), test::ReadRun(folder_ / name / "tiny")), "") << after;
  }
  EXPECT_GT(after, 20);
}

TEST_F(ResumeTest, StepByStep) {
  config_.checkpoint.steps = 1;
  const int parts = GoOn(Named("parts"), 2);
  EXPECT_GT(parts, 10);
  EXPECT_EQ(test::FindDifference(Whole(), test::ReadRun(folder_ / "parts/tiny")), "");
}

TEST_F(ResumeTest, FromACheckpointThatIsNotTheLast) {
  Config config = Named("damaged");
  config.checkpoint.keep = 3;
  Stopper stopper(25);
  ASSERT_FALSE(Train(config, Existing::kRefuse, stopper, stopper.stop()));
  const CheckpointFolder checkpoints(folder_ / "damaged/tiny/checkpoints", {}, 3);
  const std::vector<std::uint64_t> steps = checkpoints.Steps();
  ASSERT_GE(steps.size(), 3u);
  fs::resize_file(checkpoints.PathOf(steps.back()), 1000);
  std::fstream(checkpoints.PathOf(steps[steps.size() - 2]), std::ios::in | std::ios::out)
      .seekp(2000)
      .put('\x01');
  Recorder recorder;
  config.checkpoint.keep = 2;
  ASSERT_TRUE(Train(config, Existing::kResume, recorder));
  ASSERT_EQ(recorder.warnings.size(), 2u);
  EXPECT_NE(recorder.warnings[0].find(std::to_string(steps.back())), std::string::npos);
  EXPECT_EQ(recorder.resumed->step, steps[steps.size() - 3]);
  EXPECT_EQ(test::FindDifference(Whole(), test::ReadRun(folder_ / "damaged/tiny")), "");
}

// Headers need not tell: they may have no checksums, or nobody wrote them anew.
TEST_F(ResumeTest, NotOverSignalsThatHaveChanged) {
  Stopper stopper(9);
  ASSERT_FALSE(Train(Named("changed"), Existing::kRefuse, stopper, stopper.stop()));
  for (const auto& entry : fs::directory_iterator(folder_ / "records")) {
    if (entry.path().extension() != ".mat") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1000).put('\x11');
    break;
  }
  Recorder recorder;
  try {
    Train(Named("changed"), Existing::kResume, recorder);
    FAIL() << "went on with other data";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("data."), std::string::npos) << error.what();
  }
}

TEST_F(ResumeTest, AFinishedRunIsLeftAsItIs) {
  const auto whole = Whole();
  const auto time = fs::last_write_time(folder_ / "whole/tiny/model/model.json");
  Recorder recorder;
  EXPECT_TRUE(Train(Named("whole"), Existing::kResume, recorder));
  EXPECT_TRUE(recorder.epochs.empty());
  EXPECT_EQ(fs::last_write_time(folder_ / "whole/tiny/model/model.json"), time);
  // A bundle that was not written to its end is made again.
  fs::resize_file(folder_ / "whole/tiny/model/model.json", 10);
  EXPECT_TRUE(Train(Named("whole"), Existing::kResume, recorder));
  EXPECT_EQ(test::FindDifference(whole, test::ReadRun(folder_ / "whole/tiny")), "");
}

TEST_F(ResumeTest, OnlyAsTheSameRun) {
  Config config = Named("run");
  Stopper stopper(9);
  ASSERT_FALSE(Train(config, Existing::kRefuse, stopper, stopper.stop()));
  const test::RunFiles before = test::ReadRun(folder_ / "run/tiny");
  const auto refusal = [&](const Config& other) -> std::string {
    Recorder recorder;
    try {
      Train(other, Existing::kResume, recorder);
    } catch (const Exception& error) {
      EXPECT_EQ(error.error().kind, ErrorKind::kUsage);
      return error.what();
    }
    return "went on";
  };
  Config other = config;
  other.optimizer.learning_rate = 0.5;
  EXPECT_NE(refusal(other).find("optimizer.learning_rate: 0.01 then, 0.5 now"), std::string::npos)
      << refusal(other);
  other = config;
  other.preprocess.sampling_rate = 50;
  EXPECT_NE(refusal(other).find("preprocess.sampling_rate"), std::string::npos);
  std::ofstream(folder_ / "records/HR10003.hea", std::ios::app) << "# a comment\n";
  EXPECT_NE(refusal(config).find("data."), std::string::npos);
  EXPECT_EQ(test::FindDifference(before, test::ReadRun(folder_ / "run/tiny")), "");
}

TEST_F(ResumeTest, WithMoreEpochsWhenItWasFinished) {
  Config config = Named("run");
  config.optimizer.patience = 100;
  Recorder first, second;
  TrainAll(config, first);
  config.optimizer.epochs = 5;
  EXPECT_TRUE(Train(config, Existing::kResume, second));
  ASSERT_EQ(second.epochs.size(), 2u);
  EXPECT_EQ(second.epochs.back().epoch, 5);
}

TEST_F(ResumeTest, WhereDataLieElsewhereNow) {
  Stopper stopper(9);
  ASSERT_FALSE(Train(Named("run"), Existing::kRefuse, stopper, stopper.stop()));
  fs::rename(folder_ / "records", folder_ / "moved");
  fs::rename(folder_ / "run", folder_ / "runs elsewhere");
  Config config = Named("runs elsewhere");
  config.data.folders = {(folder_ / "moved").string()};
  Recorder recorder;
  ASSERT_TRUE(Train(config, Existing::kResume, recorder));
  fs::rename(folder_ / "moved", folder_ / "records");
  EXPECT_EQ(test::FindDifference(Whole(), test::ReadRun(folder_ / "runs elsewhere/tiny")), "");
}

TEST(Checkpoint, NoBitMayChange) {
  model::SeResNetConfig network;
  network.width = 4;
  network.blocks = {1};
  network.reduction = 1;
  network.classes = 3;
  network.samples = 64;
  const TrainState state(nn::SeResNet(network), OptimizerConfig{});
  std::string bytes = CopyState(state, {{"made", "of"}});
  Seal(bytes);
  ASSERT_TRUE(Checkpoint::Parse(bytes, "file").ok());
  Rng rng({7});
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = bytes;
    // The head and the description are a small part of it: half of the bits are theirs.
    const std::size_t at = rng.Below(i % 2 == 0 ? 400 : bytes.size());
    damaged[at] = static_cast<char>(damaged[at] ^ 1 << rng.Below(8));
    EXPECT_FALSE(Checkpoint::Parse(damaged, "file").ok()) << at;
  }
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{10}, std::size_t{90}, bytes.size() - 1}) {
    EXPECT_FALSE(Checkpoint::Parse(bytes.substr(0, size), "file").ok()) << size;
  }
}

}  // namespace
}  // namespace ecg::train
