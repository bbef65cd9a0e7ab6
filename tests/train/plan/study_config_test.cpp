#include "ecg/train/plan/study_config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ecg/core/file_name.h"
#include "tests/support.h"

namespace ecg::train {
namespace {

class StudyConfigTest : public testing::Test {
 protected:
  StudyConfigTest() {
    std::ofstream(folder_ / "base.json") << R"({"data": {"folders": ["records"]}})";
  }
  Result<StudyConfig> Load(const std::string& text,
                           const std::vector<std::string>& assignments = {}) {
    std::ofstream(folder_ / "s.json") << text;
    return LoadStudyConfig(folder_ / "s.json", assignments);
  }
  test::TemporaryFolder folder_;
};

TEST_F(StudyConfigTest, EachVariantIsTheBaseWithItsSettingsAndASeed) {
  const auto study = Load(R"({"name": "two", "base": "base.json", "output": "out", "seeds": [3, 5],
    "variants": {"plain": {}, "bce": {"loss": {"kind": "bce"}}}})",
                          {"optimizer.epochs=2"});
  ASSERT_TRUE(study.ok()) << study.error().ToString();
  ASSERT_EQ(study->variants.size(), 2u);
  const Config& run = study->variants[1].runs.at(1);
  EXPECT_EQ(run.loss.kind, LossKind::kBinaryCrossEntropy);
  EXPECT_EQ(run.seed, 5);
  EXPECT_EQ(run.optimizer.epochs, 2);
  EXPECT_EQ(std::filesystem::path(run.output) / run.name,
            std::filesystem::current_path() / "out/two/bce/seed-5");
  EXPECT_EQ(study->variants[0].runs[0].loss.kind, LossKind::kAsymmetric);
  EXPECT_EQ(Load(R"({"base": "base.json", "variants": {"a": {}}})", {"seeds=[9]"})
                ->variants[0]
                .runs[0]
                .seed,
            9);
}

TEST_F(StudyConfigTest, SaysWhatIsWrongAndWhere) {
  const auto refuses = [&](const std::string& text, const std::string& words) {
    const auto study = Load(text);
    const std::string reason = study.ok() ? "accepted" : study.error().ToString();
    EXPECT_NE(reason.find(words), std::string::npos) << reason;
  };
  refuses(R"({"base": "base.json", "variants": {}})", "variants");
  refuses(R"({"variants": {"a": {}}})", "base");
  refuses(R"({"base": "base.json", "seeds": [1, 1], "variants": {"a": {}}})", "twice");
  refuses(R"({"base": "base.json", "variants": {"a/b": {}}})", "name of a folder");
  refuses("{\"base\": \"base.json\", \"variants\": {\"a\":\n {\"loss\": {\"kin\": \"bce\"}}}}",
          "s.json:2: loss.kin");
}

TEST_F(StudyConfigTest, ASweepIsEveryCombination) {
  std::ofstream(folder_ / "run.json")
      << R"({"name": "run", "output": "out", "seed": 4, "data": {"folders": ["records"]}})";
  const JsonDocument document = ReadJson(folder_ / "run.json").value();
  const auto sweep = [&](const std::vector<std::string>& sweeps) {
    return SweepConfig(document, {"optimizer.batch_size=8"}, sweeps);
  };
  const auto study = sweep({"optimizer.learning_rate=1e-3,1e-4", "model.blocks=[1,1],[2,2],[3,3]"});
  ASSERT_TRUE(study.ok()) << study.error().ToString();
  EXPECT_EQ(study->name, "run-sweep");
  ASSERT_EQ(study->variants.size(), 6u);
  EXPECT_EQ(study->variants[4].name, FileNameOf("learning_rate-1e-4+blocks-[2,2]"));
  const Config& run = study->variants[4].runs.at(0);
  EXPECT_EQ(run.optimizer.learning_rate, 1e-4);
  EXPECT_EQ(run.model.blocks, (std::vector<int>{2, 2}));
  EXPECT_EQ(run.optimizer.batch_size, 8);
  EXPECT_EQ(run.seed, 4);
  EXPECT_EQ(std::filesystem::path(run.output) / run.name,
            study->Folder() / study->variants[4].name / "seed-4");

  const auto seeds = sweep({"seed=1,2,3"});
  ASSERT_EQ(seeds->variants.size(), 1u);
  EXPECT_EQ(seeds->variants[0].runs.at(2).seed, 3);
  const auto alike = sweep({"model.dropout=0,0.1", "optimizer.epochs=2"});
  EXPECT_EQ(alike->variants[1].name, "dropout-0.1+epochs-2");

  for (const auto& [sweeps, words] :
       {std::pair<std::vector<std::string>, const char*>({"optimizer.epochs"}, "SETTING=VALUE"),
        {{"optimizer.epochs="}, "empty"},
        {{"optimizer.epochs=5,5"}, "twice"},
        {{"optimizer.epochs=5", "optimizer.epochs=6"}, "twice"},
        {{"optimizer.epoch=5"}, "optimizer.epoch"},
        {{"seed=1,x"}, "whole numbers"}}) {
    const auto refused = sweep(sweeps);
    ASSERT_FALSE(refused.ok()) << words;
    EXPECT_NE(refused.error().ToString().find(words), std::string::npos)
        << refused.error().ToString();
  }
}

TEST_F(StudyConfigTest, TheOnesThatShipCanBeRead) {
  for (const char* name : {"table2.json", "beyond.json"}) {
    const auto study =
        LoadStudyConfig(test::SourcePath("configs/studies") / name, {"data.folders=[\"records\"]"});
    ASSERT_TRUE(study.ok()) << study.error().ToString();
    EXPECT_EQ(study->variants[0].runs.size(), 3u);
  }
}

}  // namespace
}  // namespace ecg::train
