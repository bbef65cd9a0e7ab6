#include "src/train/finish.h"

#include "ecg/challenge/challenge.h"
#include "ecg/core/text.h"
#include "ecg/infer/decide.h"
#include "src/train/run_log.h"

namespace ecg::train {
namespace {

// One below the other.
Predictions Join(const std::vector<PartPredictions>& parts) {
  Predictions all;
  for (const PartPredictions& part : parts) Append(part.predictions, all);
  return all;
}

}  // namespace

void Append(const Predictions& own, Predictions& all) {
  all.labels.insert(all.labels.end(), own.labels.begin(), own.labels.end());
  all.probabilities.insert(all.probabilities.end(), own.probabilities.begin(),
                           own.probabilities.end());
}

std::vector<double> FitThresholds(const std::vector<PartPredictions>& validation,
                                  const model::Task& task, double initial,
                                  const model::PostProcessing& post_processing) {
  const Predictions all = Join(validation);
  return infer::FitThresholds(all.labels, all.probabilities, task.class_set(), initial,
                              post_processing);
}

std::vector<score::LogitMap> Calibrate(std::vector<PartPredictions>& validation,
                                       const model::Task& task) {
  const Predictions all = Join(validation);
  const model::Decision decision{
      {}, score::FitLogitMaps(all.labels, all.probabilities, task.size()), {}};
  for (PartPredictions& part : validation) {
    infer::Calibrate(decision, part.predictions.probabilities);
  }
  return decision.calibration;
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
