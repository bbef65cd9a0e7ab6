#include "src/train/initial_weights.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/model/bundle.h"
#include "ecg/model/nn/torch_network.h"
#include "ecg/model/nn/weights.h"
#include "ecg/train/plan/config.h"

namespace ecg::train {

namespace {

// The settings that the other model was made with and this one was not, as --set takes them.
std::string Differences(const model::ModelInfo& other, const model::ModelInfo& own) {
  const Json wanted = NetworkSettings(other), present = NetworkSettings(own);
  std::string text;
  for (const auto& [section, values] : wanted.items()) {
    for (const auto& [name, value] : values.items()) {
      if (present[section][name] == value) continue;
      text += (text.empty() ? "" : " ") + section + "." + name + "=" + DumpJsonLine(value);
    }
  }
  return text;
}

// The other model's place of each class; nothing where it has none of that name.
std::vector<std::optional<std::size_t>> PlacesIn(const model::Task& other, const model::Task& own) {
  std::vector<std::optional<std::size_t>> places;
  for (const challenge::DiagnosisClass& entry : own.classes()) {
    const auto& theirs = other.classes();
    const auto found = std::find_if(theirs.begin(), theirs.end(), [&](const auto& candidate) {
      return candidate.abbreviation == entry.abbreviation;
    });
    places.push_back(found == theirs.end() ? std::nullopt
                                           : std::optional<std::size_t>(found - theirs.begin()));
  }
  return places;
}

// One value a class: the other model's where it has the class, as it is where not.
template <typename T>
void Inherit(const std::vector<std::optional<std::size_t>>& places, const std::vector<T>& theirs,
             std::vector<T>& own) {
  if (theirs.empty()) return;
  own.resize(places.size());
  for (std::size_t k = 0; k < places.size(); ++k) {
    if (places[k]) own[k] = theirs[*places[k]];
  }
}

void Inherit(const std::vector<std::optional<std::size_t>>& places, const model::Decision& theirs,
             model::Decision& own) {
  Inherit(places, theirs.thresholds, own.thresholds);
  Inherit(places, theirs.calibration, own.calibration);
  Inherit(places, theirs.criteria, own.criteria);
  own.measured = theirs.measured;
  own.definitions = theirs.definitions;
  own.post_processing = theirs.post_processing;
  own.point = {theirs.point.name, theirs.point.about, Json::object()};
}

}  // namespace

std::string CopyWeights(const std::string& wanted, const model::ModelInfo& info,
                        nn::SeResNetImpl& module) {
  const std::string folder = infer::FindModel(wanted).value().string();
  const model::Bundle bundle = model::LoadBundle(folder).value();
  const nn::SeResNet trained = nn::LoadModule(bundle).value();
  std::map<std::string, torch::Tensor> weights;
  for (const auto& [name, tensor] : nn::TensorsOf(*trained)) weights[name] = tensor;
  const auto places = PlacesIn(bundle.info.task, info.task);
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : nn::TensorsOf(module)) {
    const auto found = weights.find(name);
    const bool head = name.rfind("head.", 0) == 0;
    if (head && found != weights.end() &&
        found->second.sizes().slice(1) == tensor.sizes().slice(1)) {
      for (std::size_t k = 0; k < places.size(); ++k) {
        if (!places[k]) continue;
        tensor[static_cast<std::int64_t>(k)].copy_(
            found->second[static_cast<std::int64_t>(*places[k])]);
      }
      continue;
    }
    if (found != weights.end() && found->second.sizes() == tensor.sizes()) {
      tensor.copy_(found->second);
    } else if (!head && name.rfind("peaks.", 0) != 0) {
      const std::string settings = Differences(bundle.info, info);
      throw Exception(UsageError("is of another network: " + name + " differs" +
                                     (settings.empty() ? "" : "; made with " + settings),
                                 folder, 0, "initial.bundle"));
    }
  }
  return bundle.checksum;
}

model::OperatingPoints InheritPoints(const std::string& wanted, const model::ModelInfo& info) {
  const model::ModelInfo other = model::ReadModelInfo(infer::FindModel(wanted).value()).value();
  const auto places = PlacesIn(other.task, info.task);
  model::OperatingPoints points = {info.decision, {}};
  Inherit(places, other.decision, points.decision);
  for (const model::Decision& theirs : other.other_points) {
    points.other_points.push_back(info.decision);
    Inherit(places, theirs, points.other_points.back());
  }
  return points;
}

std::vector<model::LeadScores> InheritScores(const std::string& wanted,
                                             const model::ModelInfo& info) {
  const model::ModelInfo other = model::ReadModelInfo(infer::FindModel(wanted).value()).value();
  const auto places = PlacesIn(other.task, info.task);
  std::vector<model::LeadScores> scores = other.scores;
  for (model::LeadScores& one : scores) {
    std::vector<std::vector<double>> weights;
    Inherit(places, one.scores.weights, weights);
    one.scores.weights = std::move(weights);
  }
  return scores;
}

}  // namespace ecg::train
