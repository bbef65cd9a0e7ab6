#include "ecg/infer/decide.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "ecg/challenge/class_table.h"
#include "ecg/dsp/measure/criteria.h"
#include "ecg/score/logit_map.h"
#include "ecg/score/thresholds.h"

namespace ecg::infer {
namespace {

using challenge::DiagnosisClass;

std::optional<std::size_t> Find(const std::vector<DiagnosisClass>& classes,
                                std::string_view abbreviation) {
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

// Whether anything is found that would stand in a rhythm's place: any class, or any of the
// challenge's 26 where all of these are there. What is known beyond them, an infarction say, is
// found beside a sinus rhythm.
bool FindsAny(const std::uint8_t* decisions, const std::vector<DiagnosisClass>& classes) {
  const bool any = std::count(decisions, decisions + classes.size(), 1) > 0;
  // Thresholds are fitted with this rule, over and over: names are compared only where it matters.
  if (!any || classes.size() <= challenge::Classes2021().size()) return any;
  const std::vector<std::size_t> own = challenge::Find2021(classes);
  return own.empty() ||
         std::any_of(own.begin(), own.end(), [&](std::size_t k) { return decisions[k] == 1; });
}

}  // namespace

std::vector<std::size_t> Find2021Beside(const challenge::ClassSet& classes) {
  if (classes.HasChallengeMetric()) return {};
  return challenge::Find2021(classes.classes());
}

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
  if (config.normal_if_none && !FindsAny(decisions, classes)) {
    if (const auto normal = Find(classes, "NSR")) decisions[*normal] = 1;
  }
  if (config.tinv_implies_tab) {
    const auto inverted = Find(classes, "TInv");
    const auto abnormal = Find(classes, "TAb");
    if (inverted && abnormal && decisions[*inverted]) decisions[*abnormal] = 1;
  }
}

std::vector<Verdict> JudgeDefinitions(const std::vector<model::Definition>& definitions,
                                      const Measured& measured, std::optional<record::Sex> sex) {
  std::vector<Verdict> verdicts;
  for (const model::Definition& definition : definitions) {
    const double excess =
        dsp::Excess(definition.criterion, measured.measured_leads, measured.values);
    const bool holds = !definition.sex || definition.sex == sex;
    if (!holds || std::isnan(excess)) {
      verdicts.push_back(Verdict::kUnknown);
    } else {
      const double limit = dsp::ExcessAt(definition.criterion, definition.limit);
      verdicts.push_back(excess > limit ? Verdict::kYes : Verdict::kNo);
    }
  }
  return verdicts;
}

std::vector<std::uint8_t> ApplyDefinitions(const std::vector<model::Definition>& definitions,
                                           const std::vector<Verdict>& verdicts,
                                           const std::vector<DiagnosisClass>& classes,
                                           std::uint8_t* decisions) {
  std::vector<std::uint8_t> defined(classes.size(), 0);
  // What the network has found, before any definition.
  const std::vector<std::uint8_t> found(decisions, decisions + classes.size());
  for (std::size_t d = 0; d < verdicts.size(); ++d) {
    const model::Definition& definition = definitions[d];
    const auto k = Find(classes, definition.diagnosis);
    if (!k || verdicts[d] == Verdict::kUnknown) continue;
    const bool is_void = std::any_of(definition.unless.begin(), definition.unless.end(),
                                     [&](const std::string& name) {
                                       const auto other = Find(classes, name);
                                       return other && found[*other] != 0;
                                     });
    defined[*k] = 1;
    decisions[*k] = verdicts[d] == Verdict::kYes && !is_void ? 1 : 0;
  }
  for (std::size_t d = 0; d < verdicts.size(); ++d) {
    const auto k = Find(classes, definitions[d].diagnosis);
    if (!k || defined[*k] == 0 || decisions[*k] == 0) continue;
    for (const std::string& name : definitions[d].instead_of) {
      if (const auto other = Find(classes, name)) decisions[*other] = 0;
    }
  }
  return defined;
}

std::vector<std::uint8_t> Decide(const float* probabilities,
                                 const std::vector<DiagnosisClass>& classes,
                                 const model::Decision& decision,
                                 const std::vector<Verdict>& verdicts) {
  std::vector<std::uint8_t> decisions(classes.size());
  ApplyThresholds(probabilities, decision.thresholds, decisions.data());
  ApplyDefinitions(decision.definitions, verdicts, classes, decisions.data());
  PostProcess(decisions.data(), classes, decision.post_processing);
  return decisions;
}

void Decide(const Ensemble& ensemble, RecordAnswer& answer) {
  const std::vector<DiagnosisClass>& classes = ensemble.classes();
  const model::Decision& decision = ensemble.general.decision;
  answer.decisions.assign(classes.size(), 0);
  answer.defined.assign(classes.size(), 0);
  std::uint8_t* decisions = answer.decisions.data();
  // No probability reaches the NaN of a class that nobody looked for.
  ApplyThresholds(answer.probabilities.data(), answer.thresholds, decisions);
  if (answer.measured && !answer.by_specialists) {
    const auto verdicts = JudgeDefinitions(decision.definitions, *answer.measured, answer.info.sex);
    answer.defined = ApplyDefinitions(decision.definitions, verdicts, classes, decisions);
  }
  if (!answer.may_be_bradycardia) {
    if (const auto bradycardia = Find(classes, "Brady")) decisions[*bradycardia] = 0;
  }
  PostProcess(decisions, classes, decision.post_processing);
}

std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes,
                                  const model::Decision& decision, double pull,
                                  const std::vector<std::uint8_t>& held,
                                  const std::vector<std::vector<Verdict>>& verdicts) {
  if (const auto own = Find2021Beside(classes); !own.empty()) {
    const std::size_t width = classes.size();
    model::Decision of_2021 = decision;
    of_2021.thresholds = Columns(decision.thresholds, width, own);
    const std::vector<double> fitted = FitThresholds(
        Columns(labels, width, own), Columns(probabilities, width, own), challenge::Classes2021(),
        of_2021, pull, held.empty() ? held : Columns(held, width, own), verdicts);
    std::vector<std::uint8_t> others_alone = held;
    others_alone.resize(width);
    for (const std::size_t k : own) others_alone[k] = 1;
    std::vector<double> thresholds = score::FitThresholds(
        labels, probabilities, classes, {decision.thresholds, pull, others_alone}, /*rule=*/{});
    for (std::size_t k = 0; k < own.size(); ++k) thresholds[own[k]] = fitted[k];
    return thresholds;
  }
  const std::vector<Verdict> none;
  return score::FitThresholds(labels, probabilities, classes, {decision.thresholds, pull, held},
                              [&](std::size_t i, std::uint8_t* decisions) {
                                ApplyDefinitions(decision.definitions,
                                                 verdicts.empty() ? none : verdicts[i],
                                                 classes.classes(), decisions);
                                PostProcess(decisions, classes.classes(), decision.post_processing);
                              });
}

}  // namespace ecg::infer
