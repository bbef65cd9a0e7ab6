// What a run tells while it works. Nothing else is printed by it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/score/metrics.h"
#include "ecg/score/peak_score.h"
#include "ecg/train/plan/plan.h"

namespace ecg::train {

// The records of one source.
struct SourceSummary {
  std::string source;       // empty: unknown
  std::size_t records = 0;  // all that were found
  std::size_t train = 0;
  std::size_t excluded = 0;  // from training, because of their source
  // Records whose source was guessed from their names; the others' headers or table say it.
  std::size_t by_name = 0;
  std::size_t trusted = 0;     // classes that take part in the loss
  bool has_mask_row = false;   // else all classes do
  std::string first_excluded;  // the id of one that is excluded
};

// The records with a class, as they are labelled.
struct ClassSummary {
  std::string abbreviation;
  // In training, by source; nothing where the source's labels of the class are not trusted.
  std::map<std::string, std::optional<std::size_t>> by_source;
  std::size_t train = 0;
  std::size_t validation = 0;
  std::size_t test = 0;
};

// A diagnosis as the records' labels hold it.
struct CodeSummary {
  std::string code;          // or the text that stands for it
  std::string abbreviation;  // where the challenge's table has it
  std::string name;
  std::string taken_as;  // the abbreviation of the task's class; empty: none
  std::size_t records = 0;
  std::map<std::string, std::size_t> by_source;
};

// What training will take, without reading records and validation.
struct CostEstimate {
  double seconds = 0;             // all steps of all epochs
  double records_per_second = 0;  // of the last phase
  std::size_t memory = 0;         // bytes that the process had at most while it tried
};

struct LabelSummary {
  std::size_t without_scored = 0;  // training records without any label of the task
  // Entries of Dx lines that are no code, abbreviation or name of the challenge's diagnoses, with
  // how many records carry them.
  std::map<std::string, std::size_t> not_understood;
};

struct DataSummary {
  std::size_t train = 0;
  std::size_t validation = 0;
  std::size_t test = 0;
  std::size_t left_out = 0;  // excluded from training by their source, or in no part of the split
  std::size_t failed = 0;    // headers that cannot be read
  std::vector<SourceSummary> sources;
  std::vector<ClassSummary> classes;
  std::vector<CodeSummary> codes;  // of all records, those that most of them have first
  LabelSummary labels;
};

// Where the time of an epoch went, in seconds.
struct EpochTimes {
  double waiting = 0;  // for records
  double steps = 0;
  double validation = 0;
  double saving = 0;  // until the training could go on

  double Total() const { return waiting + steps + validation + saving; }
};

struct EpochSummary {
  Phase phase = Phase::kTraining;
  int epoch = 0;         // from 1 in each phase
  double loss = 0;       // means over the epoch's steps
  double peak_loss = 0;  // its part from peak detection, not weighted
  double learning_rate = 0;
  EpochTimes times;               // of what this process did of it
  std::size_t refused_steps = 0;  // whose loss or gradients were not finite
  score::Metrics validation;      // not in pre-training
  // The classification loss of the validation records' probabilities, all classes counted.
  double validation_loss = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> classes;         // abbreviations of validation.per_class; may be empty
  std::optional<score::PeakTallies> peaks;  // of the validation records, where peaks are detected
  bool best = false;                        // by the task's figure
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

// An ensemble on one part of the data and one lead set.
struct EnsembleFigures {
  std::string part;  // "validation" or "test"
  std::string lead_set;
  score::Metrics general;                // by the general members alone
  std::optional<score::Metrics> routed;  // by the whole ensemble, where it has specialists
  std::size_t by_specialists = 0;        // recordings that went to them
};

// Where a run goes on that was interrupted.
struct ResumeSummary {
  std::uint64_t step = 0;  // of the run
  Phase phase = Phase::kTraining;
  int epoch = 0;
  std::size_t batch = 0;  // of the epoch, the next one
};

class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void OnData(const DataSummary& summary) = 0;
  virtual void OnModel(std::size_t parameters, const std::string& device, bool bf16) = 0;
  // In a dry run alone.
  virtual void OnClasses(const DataSummary& /*summary*/) {}
  virtual void OnCost(const CostEstimate& /*cost*/) {}
  // Once the run has one; `resumed` where it had one before.
  virtual void OnFolder(const std::filesystem::path& folder, bool resumed) = 0;
  virtual void OnResume(const ResumeSummary& summary) = 0;
  virtual void OnPeakTargets(const PeakTargetSummary& summary) = 0;
  virtual void OnWarning(const std::string& message) = 0;
  virtual void OnEpoch(const EpochSummary& summary) = 0;
  virtual void OnFinal(const FinalFigures& figures) = 0;
  virtual void OnEnsemble(const EnsembleFigures& /*figures*/) {}
  virtual ProgressSink& progress() = 0;
};

}  // namespace ecg::train
