#include "ecg/train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <utility>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/model/nn/networks.h"
#include "ecg/model/nn/weights.h"
#include "src/train/checkpoint_folder.h"
#include "src/train/validation.h"
#include "tests/support.h"
#include "tests/train/tiny_run.h"

namespace ecg::train {
namespace {

infer::Ensemble Load(const std::filesystem::path& bundle) {
  model::ComputeConfig compute;
  compute.precision = model::Precision::kFp32;
  return infer::LoadEnsemble(bundle, nn::MakeNetworks(compute)).value();
}

TEST(Train, LearnsWhatIsEasyAndLeavesAWholeRun) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 64);
  Recorder recorder;
  const auto bundle = TrainAll(TinyConfig(folder), recorder);
  EXPECT_EQ(recorder.data.train, 48u);
  EXPECT_EQ(recorder.data.validation, 16u);
  EXPECT_LT(recorder.epochs.back().loss, 0.5 * recorder.epochs.front().loss);
  ASSERT_EQ(recorder.finals.size(), 5u);
  for (const FinalFigures& figures : recorder.finals) {
    EXPECT_GT(figures.fitted.challenge, 0.9) << figures.lead_set;
  }
  const auto run = folder / "runs/tiny";
  for (const char* name : {"config.json", "split.csv", "environment.json", "metrics.jsonl",
                           "model/model.json", "model/weights.safetensors"}) {
    EXPECT_TRUE(std::filesystem::exists(run / name)) << name;
  }
  // The resolved configuration is one that can be trained with.
  EXPECT_TRUE(LoadConfig(run / "config.json", {}).ok());
  EXPECT_THROW(TrainAll(TinyConfig(folder), recorder), Exception);  // the name is taken
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
  const auto path = TrainAll(config, recorder);
  const infer::Ensemble ensemble = Load(path);
  ProgressBar silent(nullptr);
  for (const FinalFigures& figures : recorder.finals) {
    jobs::PredictFolderConfig predict;
    predict.predict.batch_size = 3;
    predict.lead_set = figures.lead_set;
    const auto output = folder / ("predictions" + figures.lead_set);
    PredictFolder(ensemble, folder / "validation", output, predict, silent);
    const data::ScoreInput input =
        data::ReadScoreInput((folder / "validation").string(), {output.string()}, {}).value();
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
    weights.push_back(*ReadFile(TrainAll(config, recorder) / "weights.safetensors"));
  }
  EXPECT_EQ(weights[0], weights[1]);
  config.name = "seed";
  config.seed = 2;
  Recorder recorder;
  EXPECT_NE(weights[0], *ReadFile(TrainAll(config, recorder) / "weights.safetensors"));
}

TEST(Train, PretrainingTeachesWherePeaksLie) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 64);
  Recorder recorder;
  Config config = PeakConfig(folder);
  config.data.cache = (folder / "cache").string();
  // Two epochs that begin with a new classifier at 0.01 shake the features so much that the first
  // of them finds 0.86 to 1.00 of the R peaks, by seed; and either may be the best.
  config.optimizer.learning_rate = 0.003;
  const auto path = TrainAll(config, recorder);
  ASSERT_EQ(recorder.epochs.size(), 22u);
  const auto& pretrained = recorder.epochs[19];
  EXPECT_EQ(pretrained.phase, Phase::kPretraining);
  EXPECT_EQ(pretrained.epoch, 20);
  EXPECT_EQ(pretrained.loss, pretrained.peak_loss);
  const auto r = static_cast<std::size_t>(dsp::PeakType::kR);
  // What is learnt stays.
  for (const std::size_t epoch : {19u, 20u, 21u}) {
    EXPECT_GT(recorder.epochs[epoch].peaks->at(r).Sensitivity(), 0.95) << epoch;
    EXPECT_GT(recorder.epochs[epoch].peaks->at(r).PositivePredictivity(), 0.95) << epoch;
  }
  EXPECT_EQ(recorder.peak_targets.records_without, 0u);
  // The second phase begins anew, with both losses: equation (3).
  const auto& joint = recorder.epochs[20];
  EXPECT_EQ(joint.phase, Phase::kTraining);
  EXPECT_EQ(joint.epoch, 1);
  EXPECT_GT(joint.loss, 0.1 * joint.peak_loss);
  EXPECT_LT(joint.peak_loss, 0.5 * recorder.epochs[0].peak_loss);
  ASSERT_TRUE(recorder.finals.front().peaks);
  const std::string log = *ReadFile(folder / "runs/tiny/metrics.jsonl");
  for (const char* part : {"\"phase\":\"pretraining\"", "\"phase\":\"training\"", "\"peak_loss\"",
                           "validation_sensitivity_R", "validation_challenge_metric"}) {
    EXPECT_NE(log.find(part), std::string::npos) << part;
  }

  // The bundle finds the beats that the records were made with.
  const infer::Ensemble ensemble = Load(path);
  jobs::PredictFolderConfig predict;
  predict.predict.wanted.peaks = true;
  ProgressBar silent(nullptr);
  PredictFolder(ensemble, folder / "records", folder / "out", predict, silent);
  score::PeakTallies tallies{};
  for (int i = 0; i < 64; ++i) {
    std::vector<dsp::Peak> made, found;
    const double interval = i % 2 == 1 ? 50 : 100;  // samples
    const double phase = Rng({static_cast<std::uint64_t>(i)}).Uniform();
    for (double beat = 0; beat < 12 * 100 / interval + 10; ++beat) {
      const auto sample = static_cast<std::int32_t>(std::lround((beat - phase) * interval));
      if (sample >= 20 && sample < 980) made.push_back({sample, dsp::PeakType::kR});
    }
    const auto file =
        wfdb::ReadAnnotations(folder / ("out/HR" + std::to_string(10000 + i) + ".peaks")).value();
    for (const wfdb::Annotation& annotation : file.annotations) {
      const auto sample = static_cast<std::int32_t>(annotation.sample);
      if (annotation.type == wfdb::kNormalBeat && sample >= 20 && sample < 980) {
        found.push_back({sample, dsp::PeakType::kR});
      }
    }
    score::AddPeaks(made, found, 100, tallies);
  }
  EXPECT_GT(tallies[r].Sensitivity(), 0.95);
  EXPECT_GT(tallies[r].PositivePredictivity(), 0.95);
}

TEST(Train, TheCacheChangesNothing) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  std::vector<std::string> weights;
  for (const char* name : {"without", "filling", "filled"}) {
    Config config = PeakConfig(folder);
    config.name = name;
    config.pretraining.epochs = 1;
    if (name[0] == 'f') config.data.cache = (folder / "cache").string();
    Recorder recorder;
    weights.push_back(*ReadFile(TrainAll(config, recorder) / "weights.safetensors"));
  }
  EXPECT_EQ(weights[0], weights[1]);
  EXPECT_EQ(weights[0], weights[2]);
}

TEST(Train, RecordsWithoutPeaksTakeNoPartInDetection) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 24, [](int, test::TestRecord& flat) {
    flat.signal = [](std::size_t, double) { return 0.0; };
  });
  Config config = PeakConfig(folder);
  config.pretraining.epochs = 1;
  Recorder recorder;
  TrainAll(config, recorder);
  EXPECT_EQ(recorder.peak_targets.records_without, 16u);  // four full batches
  EXPECT_EQ(recorder.epochs[0].loss, 0);
  EXPECT_EQ(recorder.epochs[1].peak_loss, 0);
  EXPECT_TRUE(std::isfinite(recorder.epochs[1].loss));
}

TEST(Train, RefusesDataThatCannotTrain) {
  const test::TemporaryFolder folder;
  Recorder recorder;
  const Config config = TinyConfig(folder);
  EXPECT_THROW(TrainAll(config, recorder), Exception);  // no folder
  std::filesystem::create_directories(folder / "records");
  EXPECT_THROW(TrainAll(config, recorder), Exception);  // no record
}

TEST(Train, DivergenceIsAnErrorOfItsOwn) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  Config config = TinyConfig(folder);
  // Each step's decay multiplies the weights by 1 - 10 x 10.
  config.optimizer.learning_rate = 10;
  config.optimizer.weight_decay = 10;
  config.optimizer.epochs = 200;
  config.loss.kind = LossKind::kBinaryCrossEntropy;
  Recorder recorder;
  try {
    TrainAll(config, recorder);
    FAIL() << "such weights must overflow";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::kDiverged);
  }
}

TEST(Train, StopsEarlyAndGoesBackToTheBestEpoch) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  Config config = TinyConfig(folder);
  config.optimizer.learning_rate = 0;  // nothing gets better, but running statistics move
  config.optimizer.patience = 3;
  Recorder recorder;
  const auto path = TrainAll(config, recorder);
  ASSERT_EQ(recorder.epochs.size(), 4u);
  EXPECT_TRUE(recorder.epochs[0].best);
  for (int i = 1; i < 4; ++i) EXPECT_FALSE(recorder.epochs[static_cast<std::size_t>(i)].best);
  // The checkpoints that stay are the best and the last one.
  const Plan plan = MakePlan(config, 3);
  const CheckpointFolder checkpoints(folder / "runs/tiny/checkpoints", {}, 1);
  const auto weights = [&](int epoch) {
    TrainState state(nn::SeResNet(model::ReadModelInfo(path)->architecture), OptimizerConfig{});
    const std::uint64_t step = plan.StepOf(plan.phases[0], epoch, 3);
    Checkpoint::Read(checkpoints.PathOf(step)).value().Restore(state).value();
    return nn::SerializeWeights(*state.module);
  };
  EXPECT_EQ(checkpoints.Steps(), (std::vector<std::uint64_t>{3, 12}));
  const std::string bundle = *ReadFile(path / "weights.safetensors");
  EXPECT_EQ(bundle, weights(1));
  EXPECT_NE(bundle, weights(4));
  EXPECT_EQ(model::ReadModelInfo(path)->provenance["best_epoch"], 1);
}

// All have the same signal; only the header tells the fast from the slow.
TEST(Train, LearnsFromAgeAndSex) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32, [](int i, test::TestRecord& record) {
    record.sex = i % 2 == 0 ? "Female" : "Male";
    record.signal = [](std::size_t, double t) { return std::exp(-std::fmod(t, 1.0) / 0.05); };
  });
  Config config = TinyConfig(folder);
  Recorder without, with;
  TrainAll(config, without);
  config.name = "with";
  config.preprocess.leads.insert(config.preprocess.leads.end(), {"age", "sex"});
  TrainAll(config, with);
  EXPECT_LT(without.finals.front().fitted.auroc, 0.7);
  EXPECT_GT(with.finals.front().fitted.auroc, 0.95);
}

TEST(Train, LearnsInBf16) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 64);
  Config config = TinyConfig(folder);
  config.compute.precision = model::Precision::kBf16;
  Recorder recorder;
  TrainAll(config, recorder);
  EXPECT_LT(recorder.epochs.back().loss, 0.7 * recorder.epochs.front().loss);
  EXPECT_GT(recorder.finals.front().fitted.auroc, 0.9);
}

TEST(Train, TheOtherTasksOfThePaper) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  for (int i = 0; i < 32; ++i) {  // half of them are CPSC's
    if (i % 2 == 0) continue;
    std::ofstream(folder / ("records/HR" + std::to_string(10000 + i) + ".hea"), std::ios::app)
        << "#Source: CPSC\n";
  }
  Config config = TinyConfig(folder);
  config.task.kind = model::TaskKind::kSource;
  Recorder recorder;
  const auto path = TrainAll(config, recorder);
  EXPECT_TRUE(std::isnan(recorder.finals.front().fitted.challenge));
  EXPECT_GT(recorder.finals.front().fitted.auroc, 0.95);  // they are the fast ones
  const model::ModelInfo info = *model::ReadModelInfo(path);
  EXPECT_EQ(info.task.config().kind, model::TaskKind::kSource);
  ASSERT_EQ(info.task.size(), 1u);
  EXPECT_EQ(info.task.classes()[0].abbreviation, "CPSC");

  config.task.kind = model::TaskKind::kCpsc;
  config.name = "cpsc";
  const model::ModelInfo cpsc = *model::ReadModelInfo(TrainAll(config, recorder));
  EXPECT_EQ(cpsc.task.size(), 6u);
  EXPECT_EQ(cpsc.task.selection(), model::Selection::kChallenge);
}

TEST(Train, LeavesNothingWhereDataOrSettingsAreWrong) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 4);
  Recorder recorder;
  Config config = TinyConfig(folder);
  config.split.validation_share = 0;
  EXPECT_THROW(TrainAll(config, recorder), Exception);  // no validation record
  config = TinyConfig(folder);
  config.name = "..";
  EXPECT_THROW(TrainAll(config, recorder), Exception);
  config.name = "tiny";
  config.model.kernel = 4;
  EXPECT_THROW(TrainAll(config, recorder), Exception);
  EXPECT_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST(Train, NamesARecordWheneverItBecomesUnreadableOnce) {
  const test::TemporaryFolder folder;
  WriteRecords(folder / "records", 32);
  std::ofstream table(folder / "split.csv");
  table << "record,split\n";
  for (int i = 0; i < 32; ++i) table << "HR" << 10000 + i << (i < 24 ? ",train\n" : ",val\n");
  table.close();
  // Takes half of the training records' samples away when the first epoch is over.
  class Vandal : public Recorder {
   public:
    explicit Vandal(std::filesystem::path folder) : folder_(std::move(folder)) {}
    void OnEpoch(const EpochSummary& summary) override {
      Recorder::OnEpoch(summary);
      if (summary.epoch != 1) return;
      for (int i = 0; i < 12; ++i) {
        std::filesystem::resize_file(folder_ / ("HR" + std::to_string(10000 + i) + ".mat"), 3000);
      }
    }

   private:
    const std::filesystem::path folder_;
  };
  Config config = TinyConfig(folder);
  config.split.kind = data::SplitKind::kTable;
  config.split.table = (folder / "split.csv").string();
  config.optimizer.epochs = 5;
  Vandal vandal(folder / "records");
  TrainAll(config, vandal);
  std::set<std::string> named;
  for (const std::string& warning : vandal.warnings) {
    ASSERT_EQ(warning.rfind("left out HR100", 0), 0u) << warning;
    EXPECT_TRUE(named.insert(warning.substr(0, warning.find(':'))).second) << warning;
  }
  EXPECT_EQ(named.size(), 12u);  // all had their turn in five epochs
}

}  // namespace
}  // namespace ecg::train
