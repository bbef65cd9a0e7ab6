// What the measurements of the training recordings say of their labels.
#pragma once

#include <optional>
#include <vector>

#include "ecg/core/stop_token.h"
#include "ecg/data/samples/training_samples.h"
#include "ecg/model/model_info.h"
#include "ecg/train/plan/observer.h"

namespace ecg::train {

// Measures every training recording as prediction does, and fits its scores (see
// score::MeasurementScores) for the classes whose criterion in `decision` is kMeasurements, for
// each group of lead sets that is the same to the network, the one of most leads first. A recording
// that cannot be read is left out. Empty where a stop is wished.
std::optional<std::vector<model::LeadScores>> FitScores(const std::vector<data::Example>& examples,
                                                        const model::ModelInfo& info,
                                                        const model::Decision& decision,
                                                        int threads, ProgressSink& progress,
                                                        const StopToken& stop);

}  // namespace ecg::train
