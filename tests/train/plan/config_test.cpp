#include "ecg/train/plan/config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ecg/core/file.h"
#include "ecg/model/bundle.h"
#include "tests/support.h"

namespace ecg::train {
namespace {

TEST(Config, EveryShippedConfigurationIsAccepted) {
  for (const char* name : {"paper", "small", "quickstart", "plain"}) {
    const auto config = LoadConfig(test::SourcePath(std::string("configs/") + name + ".json"),
                                   {"data.folders=[\"x\"]"});
    ASSERT_TRUE(config.ok()) << config.error().ToString();
    EXPECT_EQ(config->name, name);
  }
}

TEST(Config, FineTuningTakesNetworkAndWeightsOfTheModelThatItGoesOnWith) {
  std::vector<std::string> assignments = StartFrom(test::SourcePath("data/models/general")).value();
  assignments.insert(assignments.end(), {"data.folders=[\"x\"]", "optimizer.epochs=3"});
  const auto config = LoadConfig(test::SourcePath("configs/finetune.json"), assignments);
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  const model::ModelInfo general =
      model::ReadModelInfo(test::SourcePath("data/models/general")).value();
  EXPECT_EQ(config->model.width, general.architecture.width);
  EXPECT_EQ(config->preprocess.sampling_rate, general.preprocess.sampling_rate);
  EXPECT_EQ(config->window.samples, general.window.samples);
  EXPECT_EQ(config->initial.bundle, test::SourcePath("data/models/general"));
  EXPECT_EQ(config->optimizer.epochs, 3);
  EXPECT_GT(config->optimizer.head_rate, config->optimizer.learning_rate);
  EXPECT_FALSE(StartFrom(test::SourcePath("configs")).ok());
}

TEST(Config, WhatIsInheritedNeedsAModelToInheritFrom) {
  Config config;
  config.data.folders = {"x"};
  config.initial.freeze = true;
  EXPECT_EQ(config.Validate().error().field, "initial.bundle");
  config.initial.freeze = false;
  config.optimizer.learning_rate = 0;
  config.optimizer.head_rate = 0.1;
  EXPECT_EQ(config.Validate().error().field, "optimizer.head_rate");
}

TEST(Config, ThePaperIsTheDefault) {
  const Config paper =
      *LoadConfig(test::SourcePath("configs/paper.json"), {"data.folders=[\"x\"]"});
  EXPECT_EQ(paper.model.blocks, (std::vector<int>{3, 4, 6, 3}));
  EXPECT_EQ(paper.model.downsampling, model::Downsampling::kMaxPool);
  EXPECT_EQ(paper.loss.gamma_positive, 1);
  EXPECT_EQ(paper.loss.gamma_negative, 4);
  EXPECT_EQ(paper.loss.margin, 0.05);
  EXPECT_TRUE(paper.loss.masked);
  EXPECT_EQ(paper.optimizer.batch_size, 256);
  EXPECT_EQ(paper.optimizer.learning_rate, 6e-4);
  EXPECT_EQ(paper.optimizer.warmup_epochs, 3);
  EXPECT_EQ(paper.optimizer.patience, 5);
  EXPECT_EQ(paper.window.samples, 4992);
  EXPECT_EQ(paper.model.peak_grid, data::PeakGridKind::kPaper);
  EXPECT_EQ(paper.peaks.loss.coordinate_weight, 5);
  EXPECT_EQ(paper.peaks.loss.empty_weight, 0.2);
  EXPECT_EQ(paper.peaks.loss.weight, 0.1);
  EXPECT_GT(paper.pretraining.epochs, 0);
  EXPECT_EQ(paper.split.held_out, std::vector<std::string>{"Georgia"});
}

TEST(Config, BoundsHoldForAConfigurationThatNoFileGave) {
  Config config;
  config.data.folders = {"x"};
  ASSERT_TRUE(config.Validate().ok()) << config.Validate().error().ToString();
  config.optimizer.batch_size = 0;
  EXPECT_NE(config.Validate().error().ToString().find("optimizer.batch_size"), std::string::npos);
  config = Config{};
  config.data.folders = {"x"};
  config.model.blocks = {3, 101};
  EXPECT_NE(config.Validate().error().ToString().find("model.blocks"), std::string::npos);
}

TEST(Config, PathsAreRelativeToTheFileButThatOfTheRuns) {
  const test::TemporaryFolder folder;
  CreateFolder(folder / "deep").value();
  std::ofstream(folder / "deep/c.json")
      << R"({"data": {"folders": ["../records"]}, "output": "my/runs",
              "initial": {"bundle": "general"}, "distillation": {"teacher": "a/general"}})";
  const auto config = LoadConfig(folder / "deep/c.json", {});
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->data.folders[0], (folder / "records").string());
  EXPECT_EQ(config->output, (std::filesystem::current_path() / "my/runs").string());
  EXPECT_EQ(config->initial.bundle, "general");  // one that ships
  EXPECT_EQ(config->distillation.teacher, (folder / "deep/a/general").string());
}

TEST(Config, AWrongValueOfTheCommandLineIsNamedAsSuch) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "c.json") << R"({"data": {"folders": ["x"]}, "optimizer": {"epochs": 2}})";
  EXPECT_EQ(LoadConfig(folder / "c.json", {"optimizer.epochs=0"}).error().file, "--set");
  std::ofstream(folder / "c.json") << R"({"data": {"folders": ["x"]}, "optimizer": {"epochs": 0}})";
  EXPECT_EQ(LoadConfig(folder / "c.json", {"seed=3"}).error().file, folder / "c.json");
}

TEST(Config, ErrorsNameFileLineAndSetting) {
  const test::TemporaryFolder folder;
  const auto error = [&](const std::string& text) {
    std::ofstream(folder / "c.json") << text;
    const std::string message = LoadConfig(folder / "c.json", {}).error().ToString();
    return message.substr(folder.path().string().size() + 1);
  };
  EXPECT_EQ(error("{\"data\": {\"folders\": [\"x\"]},\n\"optimizer\": {\"epoch\": 1}}"),
            "c.json:2: optimizer.epoch: no such setting; did you mean optimizer.epochs?");
  EXPECT_NE(
      error("{\"data\": {\"folders\": [\"x\"]}, \"lead_sets\": [\"5\"]}").find("no such lead set"),
      std::string::npos);
  EXPECT_NE(error("{}").find("data.folders"), std::string::npos);
  EXPECT_NE(error("{\"data\": {\"folders\": [\"x\"]}, \"model\": {\"kernel\": 4}}")
                .find("model.kernel: must be odd"),
            std::string::npos);
  EXPECT_NE(error("{\"data\": {\"folders\": [\"x\"]}, \"pretraining\": {\"epochs\": 1}}")
                .find("pretraining.epochs: needs a peak branch"),
            std::string::npos);
  const std::string with_peaks = R"({"data": {"folders": ["x"]}, "model": {"peak_grid": "paper"},)";
  EXPECT_NE(error(with_peaks + R"("augment": {"cutmix": 1}})").find("augment.cutmix: cannot mix"),
            std::string::npos);
  EXPECT_NE(
      error(with_peaks + R"("augment": {"stretch": 1}})").find("augment.stretch: cannot move"),
      std::string::npos);
  EXPECT_NE(error(R"({"data": {"folders": ["x"]}, "task": {"kind": "source"},
                      "loss": {"metric_weight": 1}})")
                .find("loss.metric_weight: needs a task"),
            std::string::npos);
  EXPECT_EQ(LoadConfig("/nonexistent.json", {}).error().kind, ErrorKind::kInput);
}

TEST(Config, ClassesOfOnesOwnAreReadWithIt) {
  const test::TemporaryFolder folder;
  CreateFolder(folder / "deep").value();
  std::ofstream(folder / "deep/c.json") << R"({"data": {"folders": ["x"]},
      "task": {"classes": "mine.csv"}})";
  std::ofstream(folder / "deep/mine.csv") << "abbreviation,codes,name\nMI,164865005,infarction\n";
  const auto config = LoadConfig(folder / "deep/c.json", {});
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->classes.table, (folder / "deep/mine.csv").string());
  EXPECT_EQ(ReadTask(*config)->classes()[0].name, "infarction");
  const auto error = [&](const std::vector<std::string>& assignments) {
    return LoadConfig(folder / "deep/c.json", assignments).error();
  };
  EXPECT_EQ(error({"task.kind=cpsc"}).field, "task.classes");
  EXPECT_EQ(error({"loss.metric_weight=0.5"}).field, "loss.metric_weight");
  EXPECT_EQ(error({"task.classes=", "task.rewards=" + (folder / "r.csv").string()}).field,
            "task.rewards");
  EXPECT_EQ(error({"task.classes=" + (folder / "none.csv").string()}).file, folder / "none.csv");
  for (const char* taken : {"Age", "dx", "weight", "AF_decision", "AF_sd"}) {
    std::ofstream(folder / "deep/mine.csv") << "abbreviation,codes,name\n"
                                            << taken << ",164865005,infarction\n";
    EXPECT_EQ(error({}).field, taken);
  }
  std::ofstream(folder / "deep/mine.csv") << "abbreviation,codes,name\nMI,1 2,infarction\n";
  EXPECT_EQ(error({}).file, folder / "deep/mine.csv");
  EXPECT_EQ(error({}).line, 2u);
}

}  // namespace
}  // namespace ecg::train
