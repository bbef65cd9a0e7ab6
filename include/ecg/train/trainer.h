// The training run: from a configuration to a model bundle.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "ecg/core/progress.h"
#include "ecg/score/metrics.h"
#include "ecg/score/peak_score.h"
#include "ecg/train/config.h"

namespace ecg::train {

struct DataSummary {
  std::size_t train = 0;
  std::size_t validation = 0;
  std::size_t test = 0;
  std::size_t excluded = 0;  // from training by their source, or in no part of the split
  std::size_t failed = 0;    // headers that cannot be read
};

enum class Phase {
  kPretraining,  // peaks alone
  kTraining,     // classification, with peaks where the model has a branch for them
};
const char* NameOf(Phase phase);

struct EpochSummary {
  Phase phase = Phase::kTraining;
  int epoch = 0;         // from 1 in each phase
  double loss = 0;       // means over the epoch's steps
  double peak_loss = 0;  // its part from peak detection, not weighted
  double learning_rate = 0;
  double seconds = 0;
  score::Metrics validation;                // not in pre-training
  std::optional<score::PeakTallies> peaks;  // of the validation records, where peaks are detected
  bool best = false;                        // by the challenge metric
};

// What the targets of peak detection hold, as seen in the first epoch.
struct PeakTargetSummary {
  std::size_t records_without = 0;  // whose delineation gives no peak: they take no part
  std::size_t left_out = 0;         // peaks that found no free slot in their cell
};

// The finished model on one part of the data and one lead set.
struct FinalFigures {
  std::string part;  // "validation" or "test"
  std::string lead_set;
  double fixed_threshold = 0;
  score::Metrics fixed;   // with that threshold for every class
  score::Metrics fitted;  // with the bundle's thresholds
  std::optional<score::PeakTallies> peaks;
};

// What a run tells while it works. Nothing else is printed by it.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void OnFolder(const std::filesystem::path& folder) = 0;  // once the run has one
  virtual void OnData(const DataSummary& summary) = 0;
  virtual void OnModel(std::size_t parameters, const std::string& device, bool bf16) = 0;
  virtual void OnPeakTargets(const PeakTargetSummary& summary) = 0;
  virtual void OnWarning(const std::string& message) = 0;
  virtual void OnEpoch(const EpochSummary& summary) = 0;
  virtual void OnFinal(const FinalFigures& figures) = 0;
  virtual ProgressSink& progress() = 0;
};

// Trains into the folder <output>/<name> and returns the path of the bundle. Throws Exception on
// wrong configuration, missing data, or a loss that is not finite.
std::filesystem::path Train(const Config& config, bool overwrite, TrainObserver& observer);

// What Train would start with: reports the data and the model, trains nothing, writes nothing.
void CheckRun(const Config& config, TrainObserver& observer);

}  // namespace ecg::train
