// The training run: from a configuration to a model bundle.
#pragma once

#include <filesystem>

#include "ecg/core/stop_token.h"
#include "ecg/train/config.h"
#include "ecg/train/observer.h"

namespace ecg::train {

// Trains into the folder <output>/<name> and returns the path of the bundle. Data and settings are
// checked before the folder is made; `overwrite` says that a run that is there may go. Throws
// Exception on wrong configuration, missing data, or where training diverges: a loss or gradients
// that are not finite are refused, step by step, until they do not end.
std::filesystem::path Train(const Config& config, bool overwrite, TrainObserver& observer,
                            const StopToken& stop = {});

// What Train would start with: reports the data and the model, trains nothing, writes nothing.
void CheckRun(const Config& config, TrainObserver& observer);

}  // namespace ecg::train
