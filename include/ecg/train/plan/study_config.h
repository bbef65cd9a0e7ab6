// A study in one configuration: variants of a base, each trained with several seeds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/run_set.h"

namespace ecg::train {

struct StudyVariantConfig {
  std::string name;
  std::vector<Config> runs;  // by seed; each run's folder is <study's folder>/<name>/seed-<seed>
};

struct StudyConfig : RunSet {
  std::vector<int> seeds = {1, 2, 3};
  std::vector<StudyVariantConfig> variants;
};

// Whether a configuration describes a study: it has "variants".
bool IsStudyConfig(const JsonDocument& document);

// As LoadConfig. The file has the members of StudyConfig; "variants" is an object of
//   "NAME": {settings that differ from the base}
// Assignments to one of these are the study's, all others every run's.
Result<StudyConfig> LoadStudyConfig(const std::filesystem::path& file,
                                    const std::vector<std::string>& assignments);

// Every combination of some settings' values as a study without a file of its own. `sweeps` are
// like "optimizer.learning_rate=1e-3,1e-4"; commas within brackets and quotes separate nothing. A
// sweep over `seed` gives the seeds, else there is the configuration's own. The study is called
// NAME-sweep and a variant as in "learning_rate-1e-3+epochs-5", by the last words of the settings,
// or by all where two end alike. An error: a setting that is swept twice, or has no values, or does
// not exist; more than 1,000 runs.
Result<StudyConfig> SweepConfig(const JsonDocument& document,
                                const std::vector<std::string>& assignments,
                                const std::vector<std::string>& sweeps);

}  // namespace ecg::train
