// The training run: from a configuration to a model bundle.
#pragma once

#include <filesystem>
#include <optional>

#include "ecg/core/stop_token.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/observer.h"
#include "ecg/train/plan/ranks.h"
#include "ecg/train/plan/run_folder.h"

namespace ecg::train {

// Trains into the folder <output>/<name> and returns the path of the bundle. Data and settings are
// checked before the folder is made. A run may end at any moment, however it ends: with
// Existing::kResume it goes on from its last checkpoint, and leaves the same bytes as one that was
// never interrupted (on a CPU, with the same number of threads that compute; times aside). Where a
// stop is wished, the result is empty, after the step that is being made and a checkpoint. Throws
// Exception on wrong configuration, missing data, a run to go on with that is of other data, other
// settings or another program, or where training diverges: a loss or gradients that are not finite
// are refused, step by step, until they do not end.
//
// Where several processes train one model (`self`), all call it with the same data and settings;
// the first writes the folder, and a stop that is wished of any is one of all. The micro-batches of
// a batch are shared out, so the model is that of one process up to rounding, and the number of
// processes may change from one part of a run to the next.
std::optional<std::filesystem::path> Train(const Config& config, Existing existing,
                                           TrainObserver& observer, const StopToken& stop = {},
                                           const RankEnvironment& self = {});

// What Train would start with: reports the data and the model, trains nothing, writes nothing.
void CheckRun(const Config& config, TrainObserver& observer);

}  // namespace ecg::train
