// A model's figures on records whose labels are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/data/record_index.h"
#include "ecg/data/record_store.h"
#include "ecg/infer/predictor.h"
#include "ecg/score/metrics.h"
#include "ecg/score/peak_score.h"

namespace ecg::train {

// Predictions beside the official labels (equivalent codes merged, nothing derived), and detected
// peaks counted against those of the store's delineator.
struct Predictions {
  std::vector<std::uint8_t> labels;        // [recordings][classes]
  std::vector<float> probabilities;        // [recordings][classes]; empty if not asked for
  score::PeakTallies peaks{};              // all zero if not asked for
  std::vector<data::FailedRecord> failed;  // without a row
};

// Runs records through the model as if they had only the leads of a lead set ("12", "6", ...).
Predictions PredictLabelled(nn::SeResNet& model, const infer::ModelInfo& info,
                            const infer::PredictConfig& config, const data::RecordStore& store,
                            const std::vector<data::RecordEntry>& records,
                            const std::string& lead_set);

// The challenge metrics of the decisions that `info` makes of the probabilities.
score::Metrics EvaluateDecisions(const Predictions& predictions, const infer::ModelInfo& info);

}  // namespace ecg::train
