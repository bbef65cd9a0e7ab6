#include "src/train/finish.h"

#include "ecg/challenge/challenge.h"
#include "ecg/core/text.h"
#include "ecg/infer/criteria.h"
#include "ecg/infer/decide.h"
#include "ecg/score/criterion_map.h"
#include "ecg/score/logit_map.h"
#include "ecg/train/plan/run_log.h"

namespace ecg::train {
namespace {

void Append(const Predictions& own, Predictions& all) {
  all.labels.insert(all.labels.end(), own.labels.begin(), own.labels.end());
  all.probabilities.insert(all.probabilities.end(), own.probabilities.begin(),
                           own.probabilities.end());
  all.excess.insert(all.excess.end(), own.excess.begin(), own.excess.end());
}

// One below the other.
Predictions Join(const std::vector<PartPredictions>& parts) {
  Predictions all;
  for (const PartPredictions& part : parts) Append(part.predictions, all);
  return all;
}

}  // namespace

void FitDecision(const ThresholdConfig& config, const model::Task& task,
                 std::vector<PartPredictions>& validation, model::Decision& decision) {
  Predictions all = Join(validation);
  // As to each part, so to all of them.
  const auto apply = [&](const auto& change) {
    for (PartPredictions& part : validation) change(part.predictions);
    change(all);
  };
  if (config.calibrate) {
    decision.calibration = score::FitLogitMaps(all.labels, all.probabilities, task.size());
  }
  apply([&](Predictions& own) { infer::Calibrate(decision, own.probabilities); });
  if (config.criteria) {
    std::vector<bool> learnt;
    for (const model::ClassCriterion& entry : decision.criteria) {
      learnt.push_back(entry.criterion == dsp::Criterion::kMeasurements);
    }
    const auto maps =
        score::FitCriterionMaps(all.labels, all.probabilities, all.excess, task.size(), learnt);
    for (std::size_t k = 0; k < maps.size(); ++k) decision.criteria[k].map = maps[k];
  }
  if (!decision.criteria.empty()) {
    apply([&](Predictions& own) {
      infer::ApplyCriteria(decision.criteria, own.excess, own.probabilities);
    });
  }
  if (!config.fit) return;
  decision.thresholds =
      infer::FitThresholds(all.labels, all.probabilities, task.class_set(), decision);
}

Json ReportFigures(const std::vector<PartPredictions>& parts, const model::Task& task,
                   const model::Decision& fixed, double fixed_threshold,
                   const model::Decision& fitted, bool peaks, TrainObserver& observer) {
  Json scores = Json::object();
  for (const char* name : {"validation", "test"}) {
    for (const challenge::LeadSet& set : challenge::LeadSets()) {
      for (const PartPredictions& part : parts) {
        if (part.part != name || !Contains(part.lead_sets, set.name)) continue;
        FinalFigures figures = {name,
                                set.name,
                                fixed_threshold,
                                EvaluateDecisions(part.predictions, task, fixed),
                                EvaluateDecisions(part.predictions, task, fitted),
                                {}};
        Json& json = scores[name][set.name];
        json = {{"fixed_threshold", ToJson(figures.fixed)},
                {"bundle_thresholds", ToJson(figures.fitted)}};
        if (peaks) {
          figures.peaks = part.predictions.peaks;
          json["peaks"] = ToJson(part.predictions.peaks);
        }
        observer.OnFinal(figures);
      }
    }
  }
  return scores;
}

}  // namespace ecg::train
