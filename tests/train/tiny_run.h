// A run that is over in a second, and who watches it.
#pragma once

#include <cmath>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/train/trainer.h"
#include "tests/support.h"

namespace ecg::train {

class Recorder : public TrainObserver {
 public:
  void OnFolder(const std::filesystem::path&, bool) override {}
  void OnResume(const ResumeSummary& summary) override { resumed = summary; }
  void OnData(const DataSummary& summary) override { data = summary; }
  void OnModel(std::size_t, const std::string&, bool) override {}
  void OnPeakTargets(const PeakTargetSummary& summary) override { peak_targets = summary; }
  void OnWarning(const std::string& message) override { warnings.push_back(message); }
  void OnEpoch(const EpochSummary& summary) override { epochs.push_back(summary); }
  void OnFinal(const FinalFigures& figures) override { finals.push_back(figures); }
  ProgressSink& progress() override { return silent_; }

  DataSummary data;
  std::optional<ResumeSummary> resumed;
  PeakTargetSummary peak_targets;
  std::vector<std::string> warnings;
  std::vector<EpochSummary> epochs;
  std::vector<FinalFigures> finals;

 private:
  ProgressBar silent_{nullptr};
};

// Sinus rhythm beats once a second, tachycardia twice; what is easy to tell apart. `change` may
// make something else of a record.
inline void WriteRecords(const std::filesystem::path& folder, int count,
                         const std::function<void(int i, test::TestRecord&)>& change = {}) {
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
    if (change) change(i, record);
    test::WriteRecord(folder, record);
  }
}

inline Config TinyConfig(const test::TemporaryFolder& folder) {
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
  config.compute.precision = model::Precision::kFp32;
  return config;
}

inline Config PeakConfig(const test::TemporaryFolder& folder) {
  Config config = TinyConfig(folder);
  config.model.width = 8;
  config.model.blocks = {1, 1, 1};
  config.model.peak_grid = data::PeakGridKind::kPaper;
  config.pretraining.epochs = 20;
  config.pretraining.learning_rate = 0.01;
  config.optimizer.epochs = 2;
  config.optimizer.batch_size = 4;
  return config;
}

// The bundle of a run that is not stopped.
inline std::filesystem::path TrainAll(const Config& config, TrainObserver& observer) {
  return Train(config, Existing::kRefuse, observer).value();
}

}  // namespace ecg::train
