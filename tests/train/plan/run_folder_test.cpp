#include "ecg/train/plan/run_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

void Touch(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "x";
}

TEST(RunFolder, OverwritingRemovesARunAndNothingElse) {
  const test::TemporaryFolder folder;
  const fs::path run = folder / "run";
  for (const char* name :
       {"config.json", "split.csv", "environment.json", "metrics.jsonl", "train.log",
        "events.out.tfevents.1.ecgtrain", "checkpoints/step-000000001.checkpoint",
        "model/weights.safetensors", "notes.txt"}) {
    Touch(run / name);
  }
  EXPECT_EQ(RunFolder::Open(run, Existing::kRefuse).error().kind, ErrorKind::kUsage);
  EXPECT_TRUE(fs::exists(run / "metrics.jsonl"));
  ASSERT_TRUE(RunFolder::Open(run, Existing::kOverwrite).ok());
  EXPECT_TRUE(fs::exists(run / "notes.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(run), fs::directory_iterator()), 2);  // the lock
}

TEST(RunFolder, IsNotMadeOfSomethingElse) {
  const test::TemporaryFolder folder;
  Touch(folder / "thesis/chapter1.tex");
  Touch(folder / "thesis/config.json");
  Touch(folder / "file");
  for (const Existing existing : {Existing::kRefuse, Existing::kOverwrite, Existing::kResume}) {
    EXPECT_FALSE(RunFolder::Open(folder / "thesis", existing).ok());
    EXPECT_FALSE(RunFolder::Open(folder / "file", existing).ok());
  }
  EXPECT_TRUE(fs::exists(folder / "thesis/chapter1.tex"));
  EXPECT_TRUE(fs::exists(folder / "thesis/config.json"));
  fs::create_directories(folder / "empty");
  EXPECT_TRUE(RunFolder::Open(folder / "empty", Existing::kRefuse).ok());
}

TEST(RunFolder, GoesOnWithWhatWasLeft) {
  const test::TemporaryFolder folder;
  const fs::path run = folder / "run";
  EXPECT_FALSE(RunFolder::Open(run, Existing::kResume).value().resumed());  // only the lock is left
  EXPECT_FALSE(RunFolder::Open(run, Existing::kResume).value().resumed());
  Touch(run / "config.json");
  Touch(run / ".environment.json.1.2.tmp");
  Touch(run / "checkpoints/.step-000000002.checkpoint.1.2.tmp");
  Touch(run / "checkpoints/step-000000001.checkpoint");
  {
    const RunFolder open = RunFolder::Open(run, Existing::kResume).value();
    EXPECT_TRUE(open.resumed());
    EXPECT_TRUE(fs::exists(run / "checkpoints/step-000000001.checkpoint"));
    EXPECT_FALSE(fs::exists(run / "checkpoints/.step-000000002.checkpoint.1.2.tmp"));
    EXPECT_FALSE(fs::exists(run / ".environment.json.1.2.tmp"));
    // One process at a time.
    EXPECT_EQ(RunFolder::Open(run, Existing::kResume).error().kind, ErrorKind::kUsage);
    EXPECT_FALSE(RunFolder::Open(run, Existing::kOverwrite).ok());
  }
  EXPECT_TRUE(RunFolder::Open(run, Existing::kOverwrite).ok());
  EXPECT_FALSE(fs::exists(run / "checkpoints"));
}

}  // namespace
}  // namespace ecg::train
