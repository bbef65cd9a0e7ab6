#include "ecg/infer/ensemble.h"

#include <algorithm>
#include <utility>

namespace ecg::infer {

const Member* Ensemble::PeakMember() const {
  for (const Member& member : members) {
    if (member.info.architecture.DetectsPeaks()) return &member;
  }
  return nullptr;
}

std::vector<data::PreprocessConfig> Ensemble::Preparations() const {
  std::vector<data::PreprocessConfig> distinct;
  for (const Member& member : members) {
    const data::PreprocessConfig& way = member.info.preprocess;
    if (std::find(distinct.begin(), distinct.end(), way) == distinct.end()) distinct.push_back(way);
  }
  return distinct;
}

Ensemble MakeEnsemble(model::ModelInfo info, std::shared_ptr<model::Network> network) {
  Ensemble ensemble;
  ensemble.decision = info.decision;
  ensemble.members.push_back({std::move(info), std::move(network)});
  return ensemble;
}

Result<Ensemble> LoadEnsemble(const std::filesystem::path& folder, const NetworkFactory& factory) {
  const Result<model::Bundle> bundle = model::LoadBundle(folder);
  if (!bundle.ok()) return bundle.error();
  try {
    return MakeEnsemble(bundle->info, factory(*bundle));
  } catch (const Exception& error) {
    return error.error();
  }
}

}  // namespace ecg::infer
