// Copies of a model that can be computed in bytes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/model/bundle.h"

namespace ecg::jobs {

struct ShownRecords {
  std::size_t records = 0;
  std::vector<data::FailedRecord> failed;
  bool stopped = false;
};

// Shows every network of the ensemble the recordings, whatever its route would say, and keeps
// nothing of the answers. Throws Exception where SelectRecords does.
ShownRecords ShowRecords(const infer::Ensemble& ensemble, const data::RecordInputs& inputs,
                         const data::RecordSelection& selection, ProgressSink& progress,
                         const StopToken& stop = {});

// What the features of a bundle's network reach, [residual blocks].
using RangesOf = std::function<std::vector<model::ActivationRange>(const model::Bundle&)>;

// Gives a bundle its ranges. An error (kInput): its network has seen nothing, or cannot be computed
// in bytes.
Status Quantise(const RangesOf& ranges, model::Bundle& bundle);

// Writes a copy of the model in `from` with these ranges. `to` must not be there yet. Errors as of
// Quantise and of any copy.
Status WriteQuantised(const std::filesystem::path& from, const std::filesystem::path& to,
                      const RangesOf& ranges);

}  // namespace ecg::jobs
