// A model that is ready to predict: one network or several that are asked together.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/preprocess.h"
#include "ecg/model/bundle.h"
#include "ecg/model/network.h"

namespace ecg::infer {

// Makes the network of a bundle: the choice of what computes it, and where.
using NetworkFactory = std::function<std::unique_ptr<model::Network>(const model::Bundle&)>;

struct Member {
  model::ModelInfo info;
  std::shared_ptr<model::Network> network;
};

// Members answer the same task. Their probabilities are combined, then decided as `decision` says;
// peaks come from the first member that detects any.
struct Ensemble {
  std::vector<Member> members;
  model::Decision decision;

  const std::vector<challenge::DiagnosisClass>& classes() const {
    return members.front().info.task.classes();
  }
  // The member whose peaks count; nullptr where none detects any.
  const Member* PeakMember() const;
  // The distinct preparations of a record that the members need.
  std::vector<data::PreprocessConfig> Preparations() const;
};

// A bundle alone is an ensemble of one.
Ensemble MakeEnsemble(model::ModelInfo info, std::shared_ptr<model::Network> network);

// Loads a model bundle.
Result<Ensemble> LoadEnsemble(const std::filesystem::path& folder, const NetworkFactory& factory);

}  // namespace ecg::infer
