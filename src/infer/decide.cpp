#include "ecg/infer/decide.h"

#include <algorithm>
#include <optional>

#include "ecg/score/logit_map.h"
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

void ApplyThresholds(const float* probabilities, const std::vector<double>& thresholds,
                     std::uint8_t* decisions) {
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    decisions[k] = static_cast<double>(probabilities[k]) >= thresholds[k] ? 1 : 0;
  }
}

}  // namespace

std::vector<float> Combine(const Group& group, const std::vector<std::vector<float>>& members) {
  if (members.size() == 1) return members[0];
  std::vector<float> joined;
  for (std::size_t k = 0; !members.empty() && k < members[0].size(); ++k) {
    double sum = 0;
    for (std::size_t m = 0; m < members.size(); ++m) {
      const double p = static_cast<double>(members[m][k]);
      switch (group.combination) {
        case model::Combination::kProbabilities:
          sum += p;
          break;
        case model::Combination::kLogits:
          sum += score::Logit(p);
          break;
        case model::Combination::kVotes:
          sum += p >= group.members[m].info.decision.thresholds[k] ? 1 : 0;
          break;
      }
    }
    const double mean = sum / static_cast<double>(members.size());
    joined.push_back(static_cast<float>(
        group.combination == model::Combination::kLogits ? score::Sigmoid(mean) : mean));
  }
  return joined;
}

void Calibrate(const model::Decision& decision, std::vector<float>& probabilities) {
  const std::vector<score::LogitMap>& maps = decision.calibration;
  for (std::size_t i = 0; !maps.empty() && i < probabilities.size(); ++i) {
    probabilities[i] = maps[i % maps.size()].Apply(probabilities[i]);
  }
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
  ApplyThresholds(probabilities, decision.thresholds, decisions.data());
  PostProcess(decisions.data(), classes, decision.post_processing);
  return decisions;
}

std::vector<std::uint8_t> Decide(const Ensemble& ensemble, const RecordAnswer& answer) {
  const std::vector<DiagnosisClass>& classes = ensemble.classes();
  std::vector<std::uint8_t> decisions(classes.size(), 0);
  // No probability reaches the NaN of a class that nobody looked for.
  ApplyThresholds(answer.probabilities.data(), answer.thresholds, decisions.data());
  if (!answer.may_be_bradycardia) {
    if (const auto bradycardia = Find(classes, "Brady")) decisions[*bradycardia] = 0;
  }
  PostProcess(decisions.data(), classes, ensemble.general.decision.post_processing);
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
