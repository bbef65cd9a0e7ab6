#include "ecg/train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "ecg/infer/predict_folder.h"
#include "ecg/score/score_input.h"
#include "tests/support.h"

namespace ecg::train {
namespace {

class Recorder : public TrainObserver {
 public:
  void OnFolder(const std::filesystem::path&) override {}
  void OnData(const DataSummary& summary) override { data = summary; }
  void OnModel(std::size_t, const std::string&, bool) override {}
  void OnPeakTargets(const PeakTargetSummary& summary) override { peak_targets = summary; }
  void OnWarning(const std::string& message) override { warnings.push_back(message); }
  void OnEpoch(const EpochSummary& summary) override { epochs.push_back(summary); }
  void OnFinal(const FinalFigures& figures) override { finals.push_back(figures); }
  ProgressSink& progress() override { return silent_; }

  DataSummary data;
  PeakTargetSummary peak_targets;
  std::vector<std::string> warnings;
  std::vector<EpochSummary> epochs;
  std::vector<FinalFigures> finals;

 private:
  ProgressBar silent_{nullptr};
};

// Sinus rhythm beats once a second, tachycardia twice; what is easy to tell apart.
void WriteRecords(const std::filesystem::path& folder, int count) {
  for (int i = 0; i < count; ++i) {
    const bool fast = i % 2 == 1;
    Rng rng({static_cast<std::uint64_t>(i)});
    const double phase = rng.Uniform();
    test::TestRecord record;
    record.name = "HR" + std::to_string(10000 + i);
    record.sampling_rate = 100;
    record.samples = 1000;
    record.dx = fast ? "427084000" : "426783006";
    record.signal = [fast, phase](std::size_t lead, double t) {
      const double beat = std::fmod(t * (fast ? 2 : 1) + phase, 1.0) / (fast ? 2 : 1);
      return (0.5 + 0.1 * static_cast<double>(lead)) * std::exp(-beat * beat / 0.002);
    };
    test::WriteRecord(folder, record);
  }
}

Config TinyConfig(const test::TemporaryFolder& folder) {
  Config config;
  config.name = "tiny";
  config.output = (folder / "runs").string();
  config.data.folders = {(folder / "records").string()};
  config.split.validation_share = 0.25;
  config.preprocess.sampling_rate = 100;
  config.window.samples = 512;
  config.model.width = 4;
  config.model.blocks = {1, 1};
  config.model.reduction = 2;
  config.optimizer.epochs = 8;
  config.optimizer.batch_size = 8;
  config.optimizer.micro_batch_size = 8;
  config.optimizer.learning_rate = 0.01;
  config.optimizer.warmup_epochs = 1;
  config.optimizer.patience = 8;
  config.compute.precision = nn::Precision::kFp32;
  return config;
}

TEST(Train, LearnsWhatIsEasyAndLeavesAWholeRun) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 64);
  Recorder recorder;
  const auto bundle = Train(TinyConfig(folder), false, recorder);
  EXPECT_EQ(recorder.data.train, 48u);
  EXPECT_EQ(recorder.data.validation, 16u);
  EXPECT_LT(recorder.epochs.back().loss, 0.5 * recorder.epochs.front().loss);
  ASSERT_EQ(recorder.finals.size(), 5u);
  for (const FinalFigures& figures : recorder.finals) {
    EXPECT_GT(figures.fitted.challenge, 0.9) << figures.lead_set;
  }
  const auto run = folder / "runs/tiny";
  for (const char* name : {"config.json", "environment.json", "metrics.jsonl", "model/model.json",
                           "model/weights.safetensors", "checkpoints/best/model.json",
                           "checkpoints/last/model.json"}) {
    EXPECT_TRUE(std::filesystem::exists(run / name)) << name;
  }
  // The resolved configuration is one that can be trained with.
  EXPECT_TRUE(LoadConfig(run / "config.json", {}).ok());
  EXPECT_THROW(Train(TinyConfig(folder), false, recorder), Exception);  // the name is taken
}

TEST(Train, PredictionsOfTheBundleGiveTheFiguresOfTheRun) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 40);
  Config config = TinyConfig(folder);
  config.optimizer.epochs = 3;
  config.split.kind = data::SplitKind::kTable;
  config.split.table = (folder / "split.csv").string();
  std::ofstream table(folder / "split.csv");
  table << "record,split\n";
  std::filesystem::create_directories(folder / "validation");
  for (int i = 0; i < 40; ++i) {
    const std::string name = "HR" + std::to_string(10000 + i);
    table << name << (i < 24 ? ",train\n" : ",val\n");
    if (i < 24) continue;
    for (const char* end : {".hea", ".mat"}) {
      std::filesystem::copy_file(folder / "records" / (name + end),
                                 folder / "validation" / (name + end));
    }
  }
  table.close();
  Recorder recorder;
  const auto path = Train(config, false, recorder);
  infer::Bundle bundle = infer::LoadBundle(path).value();
  ProgressBar silent(nullptr);
  for (const FinalFigures& figures : recorder.finals) {
    infer::PredictFolderConfig predict;
    predict.predict.compute.precision = nn::Precision::kFp32;
    predict.predict.batch_size = 3;
    predict.lead_set = figures.lead_set;
    const auto output = folder / ("predictions" + figures.lead_set);
    PredictFolder(bundle, folder / "validation", output, predict, silent);
    const score::ScoreInput input =
        score::ReadScoreInput((folder / "validation").string(), {output.string()}, {}).value();
    const score::Metrics metrics = score::Evaluate(input.outcomes[0], challenge::Classes2021());
    EXPECT_EQ(metrics.recordings, 16u);
    EXPECT_EQ(metrics.challenge, figures.fitted.challenge);
    EXPECT_EQ(metrics.accuracy, figures.fitted.accuracy);
    EXPECT_NEAR(metrics.auroc, figures.fitted.auroc, 1e-12);
    EXPECT_NEAR(metrics.auprc, figures.fitted.auprc, 1e-12);
  }
}

TEST(Train, SeedAndConfigurationFixTheResultWhateverTheLoaders) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  Config config = TinyConfig(folder);
  config.optimizer.epochs = 2;
  std::vector<std::string> weights;
  for (const int threads : {1, 4}) {
    config.name = "threads" + std::to_string(threads);
    config.data.loader_threads = threads;
    Recorder recorder;
    weights.push_back(*ReadFile(Train(config, false, recorder) / "weights.safetensors"));
  }
  EXPECT_EQ(weights[0], weights[1]);
  config.name = "seed";
  config.seed = 2;
  Recorder recorder;
  EXPECT_NE(weights[0], *ReadFile(Train(config, false, recorder) / "weights.safetensors"));
}

TEST(Train, RefusesDataThatCannotTrain) {
  const test::TemporaryFolder folder;
  Recorder recorder;
  const Config config = TinyConfig(folder);
  EXPECT_THROW(Train(config, false, recorder), Exception);  // no folder
  std::filesystem::create_directories(folder / "records");
  EXPECT_THROW(Train(config, false, recorder), Exception);  // no record
}

TEST(Train, DivergenceIsAnErrorOfItsOwn) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  Config config = TinyConfig(folder);
  // Each step's decay multiplies the weights by 1 - 10 x 10.
  config.optimizer.learning_rate = 10;
  config.optimizer.weight_decay = 10;
  config.optimizer.epochs = 200;
  config.loss.kind = nn::LossKind::kBinaryCrossEntropy;
  Recorder recorder;
  try {
    Train(config, false, recorder);
    FAIL() << "such weights must overflow";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::kDiverged);
  }
}

}  // namespace
}  // namespace ecg::train
