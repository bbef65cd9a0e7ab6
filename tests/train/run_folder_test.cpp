#include "ecg/train/run_folder.h"

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
  for (const char* name : {"config.json", "environment.json", "metrics.jsonl", "train.log",
                           "events.out.tfevents.1.ecgtrain", "checkpoints/best/model.json",
                           "model/weights.safetensors", "notes.txt"}) {
    Touch(run / name);
  }
  EXPECT_EQ(RunFolder::Create(run, false).error().kind, ErrorKind::kUsage);
  EXPECT_TRUE(fs::exists(run / "metrics.jsonl"));
  ASSERT_TRUE(RunFolder::Create(run, true).ok());
  EXPECT_TRUE(fs::exists(run / "notes.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(run), fs::directory_iterator()), 1);
}

TEST(RunFolder, IsNotMadeOfSomethingElse) {
  const test::TemporaryFolder folder;
  Touch(folder / "thesis/chapter1.tex");
  Touch(folder / "thesis/config.json");
  Touch(folder / "file");
  for (const bool overwrite : {false, true}) {
    EXPECT_FALSE(RunFolder::Create(folder / "thesis", overwrite).ok());
    EXPECT_FALSE(RunFolder::Create(folder / "file", overwrite).ok());
  }
  EXPECT_TRUE(fs::exists(folder / "thesis/chapter1.tex"));
  EXPECT_TRUE(fs::exists(folder / "thesis/config.json"));
  fs::create_directories(folder / "empty");
  EXPECT_TRUE(RunFolder::Create(folder / "empty", false).ok());
}

}  // namespace
}  // namespace ecg::train
