// An ensemble in one configuration: its members, each a training run of its own or a bundle that is
// at hand (paper section 2.5, Figure 5).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/model/ensemble_info.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/run_set.h"

namespace ecg::train {

enum class Role {
  kGeneral,     // knows all classes
  kSpecialist,  // knows those of one source (task.kind = cpsc)
  kSource,      // tells whether a recording is of that source (task.kind = source)
};

struct EnsembleMember {
  std::string name;  // of its run and of its folder in the ensemble
  Role role = Role::kGeneral;
  std::string bundle;            // at hand; empty: `config` trains it
  std::optional<Config> config;  // its run is <ensemble's folder>/<name>
};

struct EnsembleConfig : RunSet {
  model::Combination combination = model::Combination::kProbabilities;
  double route_threshold = 0.5;
  bool bradycardia_veto = false;
  std::vector<EnsembleMember> members;
  // What evaluates the ensemble and fits its thresholds: the base itself. Empty where there is
  // none: thresholds are then the means of the members' own.
  std::optional<Config> evaluation;

  // Where the ensemble lies when it is whole, and while it is made.
  std::filesystem::path Model() const { return Folder() / "model"; }
  std::filesystem::path UnfinishedModel() const { return Folder() / "model.unfinished"; }
};

// Whether a configuration describes an ensemble: it has "members".
bool IsEnsembleConfig(const JsonDocument& document);

// As LoadConfig. The file has the members of EnsembleConfig; "members" is an object of
//   "NAME": {"role": "general", "set": {settings that differ from the base}}   to train, or
//   "NAME": {"role": "general", "bundle": "FOLDER"}                            at hand.
// Assignments to one of these are the ensemble's, all others every run's.
Result<EnsembleConfig> LoadEnsembleConfig(const std::filesystem::path& file,
                                          const std::vector<std::string>& assignments);

}  // namespace ecg::train
