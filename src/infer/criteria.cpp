#include "ecg/infer/criteria.h"

#include <array>
#include <cstddef>
#include <utility>

namespace ecg::infer {
namespace {

using dsp::Criterion;

constexpr std::array<std::pair<const char*, Criterion>, 18> kOfClasses = {{
    {"Brady", Criterion::kSlowRate},
    {"SB", Criterion::kSlowRate},
    {"STach", Criterion::kFastRate},
    {"IAVB", Criterion::kLongPr},
    {"LPR", Criterion::kLongPr},
    {"LBBB", Criterion::kWideQrs},
    {"NSIVCB", Criterion::kWideQrs},
    {"LQT", Criterion::kLongQt},
    {"LAD", Criterion::kLeftAxis},
    {"LAnFB", Criterion::kLeftAxis},
    {"RAD", Criterion::kRightAxis},
    {"LQRSV", Criterion::kLowVoltage},
    {"PRWP", Criterion::kPoorR},
    {"TInv", Criterion::kInvertedT},
    {"TAb", Criterion::kInvertedT},
    {"QAb", Criterion::kDeepQ},
    {"PAC", Criterion::kEarlyBeat},
    {"PVC", Criterion::kVentricularBeat},
}};

}  // namespace

std::vector<model::ClassCriterion> CriteriaOf(const std::vector<challenge::DiagnosisClass>& classes,
                                              bool has_scores) {
  const challenge::ClassSet& challenge = challenge::Classes2021();
  std::vector<model::ClassCriterion> criteria(classes.size());
  for (std::size_t k = 0; k < classes.size(); ++k) {
    // Of those that many sources label, the regressions learn what one source calls so.
    if (has_scores && !challenge.IndexOfAbbreviation(classes[k].abbreviation)) {
      criteria[k].criterion = Criterion::kMeasurements;
    }
    for (const auto& [abbreviation, criterion] : kOfClasses) {
      if (classes[k].abbreviation == abbreviation) criteria[k].criterion = criterion;
    }
  }
  return criteria;
}

std::vector<double> ExcessOf(const Measured& measured,
                             const std::vector<model::ClassCriterion>& criteria,
                             const std::vector<model::LeadScores>& scores) {
  const std::vector<std::string>& names = measured.measured_leads;
  std::vector<double> excess = model::ScoresOf(scores, criteria.size(), names, measured.values);
  for (std::size_t k = 0; k < criteria.size(); ++k) {
    const Criterion criterion = criteria[k].criterion;
    if (criterion == Criterion::kMeasurements) continue;
    excess[k] = dsp::Excess(criterion, names, measured.values);
  }
  return excess;
}

void ApplyCriteria(const std::vector<model::ClassCriterion>& criteria,
                   const std::vector<double>& excess, std::vector<float>& probabilities) {
  for (std::size_t i = 0; !criteria.empty() && i < probabilities.size(); ++i) {
    const model::ClassCriterion& entry = criteria[i % criteria.size()];
    if (entry.criterion == Criterion::kNone) continue;
    probabilities[i] = entry.map.Apply(probabilities[i], excess[i]);
  }
}

}  // namespace ecg::infer
