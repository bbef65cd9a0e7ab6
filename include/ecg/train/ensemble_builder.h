// From trained members to an ensemble: copies, thresholds, figures.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ecg/core/stop_token.h"
#include "ecg/train/plan/ensemble_config.h"
#include "ecg/train/plan/observer.h"

namespace ecg::train {

// Copies the members' bundles, given by name, fits the thresholds of the general members on the
// validation records, those of the specialists on the validation records of their sources, each on
// the group's own answers and over all lead sets, and writes ensemble.json with the figures.
// config.Model() is replaced at the end, when all of it is whole. Returns it, or nothing where a
// stop is wished. Throws Exception where the members do not fit each other.
std::optional<std::filesystem::path> BuildEnsemble(
    const EnsembleConfig& config, const std::map<std::string, std::filesystem::path>& bundles,
    TrainObserver& observer, const StopToken& stop);

}  // namespace ecg::train
