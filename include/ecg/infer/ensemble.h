// A model that is ready to predict: one network, or several in groups that are asked together.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"
#include "ecg/model/network.h"

namespace ecg::infer {

struct Member {
  model::ModelInfo info;
  std::shared_ptr<model::Network> network;
};

// Members that answer the same task. Their probabilities, each calibrated as its bundle says, are
// combined, then calibrated, joined with criteria and decided as `decision` says; what the bundles
// of several say of these does not count. Peaks come from the first member that detects
// any.
struct Group {
  std::vector<Member> members;
  model::Combination combination = model::Combination::kProbabilities;
  model::Decision decision;

  const model::Task& task() const { return members.front().info.task; }
  // The member whose peaks count; nullptr where none detects any.
  const Member* PeakMember() const;
};

// Paper section 2.5: recordings that the source classifiers take for those of the specialists'
// source are classified by these alone.
struct Route {
  Group source;
  double threshold = 0.5;
  Group specialists;
  std::vector<std::size_t> columns;  // of the specialists' classes among the general ones
};

struct Ensemble {
  Group general;
  std::optional<Route> route;
  bool bradycardia_veto = false;  // see MayBeBradycardia
  std::string checksum;           // of the files it was loaded from; empty where there are none

  const std::vector<challenge::DiagnosisClass>& classes() const { return general.task().classes(); }
  // Whether every recording gets its peaks, whichever group classifies it.
  bool DetectsPeaks() const;
  // The distinct preparations of a record that the members need.
  std::vector<data::PreprocessConfig> Preparations() const;
};

// Why a model gives no peaks.
Error NoPeaks();

// A network alone is an ensemble of one.
Ensemble MakeEnsemble(model::ModelInfo info, std::shared_ptr<model::Network> network);

// The route to specialists, or the reason why these groups do not fit: the source classifiers must
// tell sources, and every class of the specialists must be one of `general`.
Result<Route> MakeRoute(const Group& general, Group source, double threshold, Group specialists);

// Loads a model bundle, or a folder with ensemble.json and its bundles (see model/ensemble_info.h).
// Everything is checked: a member that is not the one the ensemble was made of is an error. It
// decides as the operating point of this name does; empty: as the model does by itself.
Result<Ensemble> LoadEnsemble(const std::filesystem::path& folder,
                              const model::NetworkFactory& factory, const std::string& point = {});

}  // namespace ecg::infer
