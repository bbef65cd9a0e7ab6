// Classes of one's own, from the table to a model's answers and back to its decisions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/apps/jobs/fit_model.h"
#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/challenge/class_table.h"
#include "ecg/core/csv.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/infer/ensemble.h"
#include "ecg/model/bundle.h"
#include "ecg/model/nn/networks.h"
#include "ecg/train/ensemble_builder.h"
#include "tests/train/tiny_run.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

// The 26 and two more, of which nobody labels the last.
std::string MoreClasses() {
  return *ReadFile(test::SourcePath("data/classes_2021.csv")) +
         "LVH,164873001,left ventricular hypertrophy\nMI,164865005,myocardial infarction\n";
}

class OwnClasses : public testing::Test {
 protected:
  // Tachycardia has hypertrophy too.
  explicit OwnClasses(const std::string& classes = MoreClasses()) : config_(TinyConfig(folder_)) {
    WriteRecords(folder_ / "records", 64, [](int i, test::TestRecord& record) {
      if (i % 2 == 1) record.dx += ",164873001";
    });
    WriteFileAtomic(folder_ / "classes.csv", classes).value();
    config_.classes.table = (folder_ / "classes.csv").string();
    config_.optimizer.epochs = 14;
    config_.optimizer.patience = 14;
  }

  infer::Ensemble Load(const fs::path& model) {
    return infer::LoadEnsemble(model, nn::MakeNetworks({})).value();
  }
  const challenge::ClassSet Classes() {
    return challenge::ReadClassTable(config_.classes.table, config_.classes.rewards).value();
  }

  test::TemporaryFolder folder_;
  Config config_;
  Recorder recorder_;
  ProgressBar silent_{nullptr};
};

TEST_F(OwnClasses, StandBesideThe26) {
  const fs::path model = TrainAll(config_, recorder_);
  ASSERT_EQ(recorder_.data.classes.size(), 28u);
  EXPECT_EQ(recorder_.data.classes[26].by_source.at("PTB_XL"), 24u);
  EXPECT_FALSE(recorder_.data.classes[27].by_source.at("PTB_XL"));  // says nothing of infarctions
  const FinalFigures& figures = recorder_.finals.front();
  EXPECT_GT(figures.fitted.challenge, 0.9);  // that of the 26
  EXPECT_GT(figures.fitted.per_class[26].f_measure, 0.9);

  const model::ModelInfo info = model::ReadModelInfo(model).value();
  EXPECT_EQ(info.task.size(), 28u);
  EXPECT_EQ(info.task.classes()[27].abbreviation, "MI");
  EXPECT_EQ(info.task.selection(), model::Selection::kAuroc);
  // No path of this machine's, and a format that earlier versions read.
  const Json json = info.ToJson();
  EXPECT_FALSE(json["task"].contains("classes"));
  EXPECT_LE(json["format"], 8);

  jobs::PredictFolderConfig predict;
  predict.table.path = folder_ / "all.csv";
  predict.choose.count = 20;
  const infer::Ensemble ensemble = Load(model);
  jobs::PredictFolder(ensemble, folder_ / "records", folder_ / "out", predict, silent_);
  const auto file =
      data::ParsePrediction(*ReadFile(folder_ / "out/HR10001.csv"), "HR10001.csv").value();
  EXPECT_EQ(file.classes.size(), 30u);
  EXPECT_FALSE(Contains(file.classes, "164873001"));
  // The table holds all that the model says, and is scored by the same classes.
  data::InputOptions own;
  own.scoring = score::Scoring(Classes());
  const data::ScoreInput scored =
      data::ReadScoreInput(folder_ / "records", {predict.table.path}, own).value();
  const score::Metrics metrics = score::Evaluate(scored.outcomes[0], own.scoring.classes());
  EXPECT_GT(metrics.per_class[26].f_measure, 0.9);
  EXPECT_TRUE(std::isnan(metrics.challenge));
  EXPECT_GT(
      score::Evaluate(
          data::ReadScoreInput(folder_ / "records", {folder_ / "out"}, {}).value().outcomes[0],
          challenge::Classes2021())
          .challenge,
      0.9);

  // What is chosen and labelled by a person is what decisions are fitted to, and scored by.
  const CsvTable chosen = CsvTable::Read(folder_ / "out/choose.csv").value();
  ASSERT_EQ(chosen.rows(), 20u);
  std::string filled = CsvLine(chosen.columns()) + "\n";
  for (std::size_t row = 0; row < chosen.rows(); ++row) {
    std::vector<std::string> cells;
    for (std::size_t c = 0; c < chosen.columns().size(); ++c) {
      cells.emplace_back(chosen.Cell(row, c));
    }
    const bool fast = std::stoi(cells[0].substr(2)) % 2 == 1;
    // The last two stay as they are.
    if (row < 18) cells[*chosen.Column("LVH")] = fast ? "1" : "0";
    filled += CsvLine(cells) + "\n";
  }
  WriteFileAtomic(folder_ / "labels.csv", filled).value();
  jobs::AskLabelledConfig ask;
  ask.labels = folder_ / "labels.csv";
  const jobs::LabelledFolder labelled =
      jobs::AskLabelled(ensemble, folder_ / "records", ask, silent_);
  EXPECT_EQ(labelled.answers.size(), 18u);
  EXPECT_EQ(labelled.unlabelled, 46u);
  EXPECT_GT(labelled.examples[26], 4u);
  infer::FitConfig fit;
  fit.held.assign(28, 1);
  fit.held[26] = 0;
  EXPECT_EQ(infer::FitPoint(ensemble.general.decision, labelled.answers, Classes(), fit).figure,
            "mean F-measure");
  EXPECT_EQ(data::ReadScoreInput(folder_ / "labels.csv", {predict.table.path}, own)
                .value()
                .records.size(),
            18u);
}

// A run goes on with the same classes, wherever their table lies, and with no others.
TEST_F(OwnClasses, AreWhatARunIsMadeOf) {
  config_.optimizer.epochs = 1;
  TrainAll(config_, recorder_);
  fs::rename(folder_ / "classes.csv", folder_ / "moved.csv");
  config_.classes.table = (folder_ / "moved.csv").string();
  config_.optimizer.epochs = 2;
  EXPECT_TRUE(Train(config_, Existing::kResume, recorder_));
  WriteFileAtomic(folder_ / "moved.csv", MoreClasses() + "OLD,age_over_80,old\n").value();
  config_.optimizer.epochs = 3;
  try {
    Train(config_, Existing::kResume, recorder_);
    FAIL() << "went on with other classes";
  } catch (const Exception& error) {
    EXPECT_NE(error.error().message.find("classes: "), std::string::npos) << error.what();
  }
}

TEST_F(OwnClasses, AHeadOfOthersBeginsAnew) {
  config_.optimizer.epochs = 1;
  const fs::path before = TrainAll(config_, recorder_);
  std::string swapped = MoreClasses();
  swapped.replace(swapped.find("\nMI,"), 4, "\nWPW,");
  WriteFileAtomic(folder_ / "classes.csv", swapped).value();
  config_.name = "after";
  config_.initial.bundle = before.string();
  config_.optimizer.learning_rate = 0;
  const fs::path after = TrainAll(config_, recorder_);
  EXPECT_NE(*ReadFile(before / "weights.safetensors"), *ReadFile(after / "weights.safetensors"));
}

class NormalOrNot : public OwnClasses {
 protected:
  NormalOrNot()
      : OwnClasses(
            "abbreviation,codes,name\nNSR,426783006,normal\nABN,427084000|164873001,not normal\n") {
  }
};

TEST_F(NormalOrNot, IsTwoClasses) {
  config_.thresholds.calibrate = config_.thresholds.criteria = true;
  const fs::path model = TrainAll(config_, recorder_);
  const score::Metrics& fitted = recorder_.finals.front().fitted;
  EXPECT_GT(fitted.auroc, 0.95);
  EXPECT_GT(fitted.f_measure, 0.9);
  EXPECT_TRUE(std::isnan(fitted.challenge));
  EXPECT_EQ(recorder_.data.codes.size(), 3u);
  jobs::PredictFolderConfig predict;
  jobs::PredictFolder(Load(model), folder_ / "records", folder_ / "out", predict, silent_);
  const auto file =
      data::ParsePrediction(*ReadFile(folder_ / "out/HR10001.csv"), "HR10001.csv").value();
  EXPECT_EQ(file.classes, (std::vector<std::string>{"426783006", "427084000", "164873001"}));
  EXPECT_EQ(file.decisions, (std::vector<std::uint8_t>{0, 1, 1}));
}

// What the training records measure is part of the model, counts in its answers and goes on with
// it.
TEST_F(NormalOrNot, CountsWhatIsMeasured) {
  config_.thresholds.calibrate = config_.thresholds.criteria = true;
  config_.thresholds.measurements = true;
  const fs::path model = TrainAll(config_, recorder_);
  const model::ModelInfo info = model::ReadModelInfo(model).value();
  ASSERT_EQ(info.scores.size(), 3U);
  EXPECT_EQ(info.scores[0].leads.size(), 12U);
  EXPECT_EQ(info.scores[1].leads.size(), 7U);  // V2 and those of the limbs
  EXPECT_EQ(info.scores[2].leads.size(), 6U);
  EXPECT_FALSE(info.scores[0].scores.weights[1].empty());
  EXPECT_EQ(info.decision.criteria[1].criterion, dsp::Criterion::kMeasurements);
  EXPECT_EQ(info.decision.criteria[0].criterion, dsp::Criterion::kNone);  // one of the challenge's
  EXPECT_GT(recorder_.finals.front().fitted.auroc, 0.95);
  config_.name = "further";
  config_.thresholds.criteria = config_.thresholds.measurements = false;
  config_.initial.bundle = model.string();
  config_.initial.decision = true;
  const model::ModelInfo further = model::ReadModelInfo(TrainAll(config_, recorder_)).value();
  EXPECT_EQ(further.scores[2].scores.weights, info.scores[2].scores.weights);
  EXPECT_EQ(further.decision.criteria[1].map, info.decision.criteria[1].map);
}

TEST_F(NormalOrNot, HasTheMetricWithRewardsOfItsOwn) {
  WriteFileAtomic(folder_ / "rewards.csv", "class,NSR,ABN\nNSR,1,0.2\nABN,0.2,1\n").value();
  config_.classes.rewards = (folder_ / "rewards.csv").string();
  config_.loss.metric_weight = 0.5;
  const fs::path model = TrainAll(config_, recorder_);
  EXPECT_GT(recorder_.finals.front().fitted.challenge, 0.9);
  const model::ModelInfo info = model::ReadModelInfo(model).value();
  EXPECT_EQ(info.ToJson()["format"], 9);
  EXPECT_EQ(info.task.class_set().rewards(), (std::vector<double>{1, 0.2, 0.2, 1}));
  EXPECT_EQ(Load(model).general.task().selection(), model::Selection::kChallenge);
}

// Members of the same classes are joined as any others are.
TEST_F(NormalOrNot, MakesAnEnsemble) {
  config_.optimizer.epochs = 2;
  EnsembleConfig ensemble;
  ensemble.name = "both";
  ensemble.output = (folder_ / "runs").string();
  ensemble.evaluation = config_;
  std::map<std::string, fs::path> bundles;
  for (const int seed : {1, 2}) {
    config_.seed = seed;
    config_.name = "m" + std::to_string(seed);
    EnsembleMember& member = ensemble.members.emplace_back();
    member.name = config_.name;
    member.config = config_;
    bundles[config_.name] = TrainAll(config_, recorder_);
  }
  const auto model = BuildEnsemble(ensemble, bundles, recorder_, {});
  ASSERT_TRUE(model);
  const infer::Ensemble loaded = Load(*model);
  EXPECT_EQ(loaded.general.members.size(), 2u);
  EXPECT_EQ(loaded.classes()[1].abbreviation, "ABN");
  EXPECT_EQ(loaded.general.decision.thresholds.size(), 2u);
}

}  // namespace
}  // namespace ecg::train
