// The end of a run: from its best epoch to a bundle with thresholds and figures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/infer/ensemble.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/observer.h"
#include "src/train/validation.h"

namespace ecg::train {

// Predictions of one part of the data for the lead sets that are the same to the network.
struct PartPredictions {
  std::string part;  // "validation" or "test"
  std::vector<std::string> lead_sets;
  Predictions predictions;
};

// Fits what the settings ask for: calibration, what decision.criteria add (by the predictions'
// excess), thresholds. One decision for every lead set, as there is one model for all: more to fit
// it on than the validation records alone give. Each group of lead sets counts once. Calibration
// and criteria are applied to the predictions.
void FitDecision(const ThresholdConfig& config, const model::Task& task,
                 std::vector<PartPredictions>& validation, model::Decision& decision);

// The figures of every part and lead set, reported to the observer, as JSON for the bundle.
Json ReportFigures(const std::vector<PartPredictions>& parts, const model::Task& task,
                   const model::Decision& fixed, double fixed_threshold,
                   const model::Decision& fitted, bool peaks, TrainObserver& observer);

}  // namespace ecg::train
