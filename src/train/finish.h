// The end of a run: from its best epoch to a bundle with thresholds and figures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/infer/ensemble.h"
#include "ecg/train/config.h"
#include "ecg/train/observer.h"
#include "src/train/validation.h"

namespace ecg::train {

// Predictions of one part of the data for the lead sets that are the same to the network.
struct PartPredictions {
  std::string part;  // "validation" or "test"
  std::vector<std::string> lead_sets;
  Predictions predictions;
};

// Adds labels and probabilities below those of `all`.
void Append(const Predictions& own, Predictions& all);

// One set of thresholds for every lead set, as there is one model for all: more decisions to fit
// them on than the validation records alone give. Each group of lead sets counts once.
std::vector<double> FitThresholds(const std::vector<PartPredictions>& validation,
                                  const model::Task& task, double initial,
                                  const model::PostProcessing& post_processing);

// A map for each class that makes its probabilities mean what they say on the validation records,
// over all groups of lead sets; applied to them.
std::vector<score::LogitMap> Calibrate(std::vector<PartPredictions>& validation,
                                       const model::Task& task);

// The figures of every part and lead set, reported to the observer, as JSON for the bundle.
Json ReportFigures(const std::vector<PartPredictions>& parts, const model::Task& task,
                   const model::Decision& fixed, double fixed_threshold,
                   const model::Decision& fitted, bool peaks, TrainObserver& observer);

}  // namespace ecg::train
