// A model's figures on records whose labels are known.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/prepare/record_store.h"
#include "ecg/data/prepare/window.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/score/metrics.h"
#include "ecg/score/peak_score.h"
#include "ecg/train/plan/dataset.h"
#include "ecg/train/plan/loss_config.h"
#include "ecg/train/plan/observer.h"
#include "src/train/communicator.h"

namespace ecg::train {

// Predictions beside the official labels (equivalent codes merged, nothing derived), and detected
// peaks counted against those of the store's delineator. Rows are records that were predicted.
struct Predictions {
  std::vector<std::uint8_t> labels;        // [recordings][classes]
  std::vector<float> probabilities;        // [recordings][classes]; empty if not asked for
  std::vector<std::uint8_t> decisions;     // [recordings][classes]; empty likewise
  std::vector<double> excess;              // of criteria, the same; empty where the model has none
  score::PeakTallies peaks{};              // all zero if not asked for
  std::size_t by_specialists = 0;          // recordings that an ensemble's specialists answered
  std::vector<data::FailedRecord> failed;  // without a row
};

// Runs records through a model, each process its share of them, and gives every process all
// predictions. They come prepared from `store`, which a model of one member allows, or where it is
// null from their files. Empty where a stop is wished of any. Throws Exception where none can be
// predicted, or where an output is not finite (kDiverged).
std::optional<Predictions> PredictLabelled(const infer::Ensemble& ensemble,
                                           const infer::PredictConfig& config,
                                           const data::RecordStore* store,
                                           const LabelledRecords& records,
                                           Communicator& communicator, const StopToken& stop,
                                           ProgressSink* progress = nullptr);

// Tells of records that have no row, once of each record: `told` holds the ids of those before.
void WarnOf(const std::vector<data::FailedRecord>& failed, std::set<std::string>& told,
            TrainObserver& observer);

// The challenge's lead sets by what they leave of a network's channels, given by name.
std::vector<data::ChannelGroup> GroupAllLeadSets(const std::vector<std::string>& channels);

// The metrics of predictions as they were decided. The challenge metric is that of the 26 classes
// of 2021 where a task has others beside them.
score::Metrics Evaluate(const Predictions& predictions, const model::Task& task);

// The metrics of the decisions that are made of the probabilities.
score::Metrics EvaluateDecisions(const Predictions& predictions, const model::Task& task,
                                 const model::Decision& decision);

// The classification loss of predictions, all classes counted; NaN of none.
double LossOf(const Predictions& predictions, std::size_t classes, const LossConfig& config);

// The figure that selects, of some metrics and the loss beside them: of equal areas, as few records
// soon have, that with the lower loss is the greater.
double FigureOf(const score::Metrics& metrics, double loss, model::Selection selection);

}  // namespace ecg::train
