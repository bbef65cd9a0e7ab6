#include "ecg/infer/decide.h"

#include <algorithm>
#include <optional>

#include "ecg/score/thresholds.h"

namespace ecg::infer {
namespace {

using challenge::DiagnosisClass;

std::optional<std::size_t> Find(const std::vector<DiagnosisClass>& classes,
                                const char* abbreviation) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].abbreviation == abbreviation) return k;
  }
  return std::nullopt;
}

}  // namespace

std::vector<float> Combine(const std::vector<std::vector<float>>& members) {
  if (members.size() == 1) return members[0];
  std::vector<float> mean;
  for (std::size_t k = 0; !members.empty() && k < members[0].size(); ++k) {
    double sum = 0;
    for (const std::vector<float>& member : members) sum += member[k];
    mean.push_back(static_cast<float>(sum / static_cast<double>(members.size())));
  }
  return mean;
}

void PostProcess(std::uint8_t* decisions, const std::vector<DiagnosisClass>& classes,
                 const model::PostProcessing& config) {
  if (config.normal_if_none && std::count(decisions, decisions + classes.size(), 1) == 0) {
    if (const auto normal = Find(classes, "NSR")) decisions[*normal] = 1;
  }
  if (config.tinv_implies_tab) {
    const auto inverted = Find(classes, "TInv");
    const auto abnormal = Find(classes, "TAb");
    if (inverted && abnormal && decisions[*inverted]) decisions[*abnormal] = 1;
  }
}

std::vector<std::uint8_t> Decide(const float* probabilities,
                                 const std::vector<DiagnosisClass>& classes,
                                 const model::Decision& decision) {
  std::vector<std::uint8_t> decisions(classes.size());
  for (std::size_t k = 0; k < decisions.size(); ++k) {
    decisions[k] = static_cast<double>(probabilities[k]) >= decision.thresholds[k] ? 1 : 0;
  }
  PostProcess(decisions.data(), classes, decision.post_processing);
  return decisions;
}

std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes, double initial,
                                  const model::PostProcessing& post_processing) {
  return score::FitThresholds(
      labels, probabilities, classes, initial,
      [&](std::uint8_t* decisions) { PostProcess(decisions, classes.classes(), post_processing); });
}

}  // namespace ecg::infer
