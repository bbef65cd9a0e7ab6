#include "src/train/finish.h"

#include "ecg/challenge/challenge.h"
#include "ecg/core/text.h"
#include "ecg/infer/decide.h"
#include "src/train/run_log.h"

namespace ecg::train {
std::vector<double> FitThresholds(const std::vector<PartPredictions>& validation,
                                  const model::Task& task, double initial,
                                  const model::PostProcessing& post_processing) {
  std::vector<std::uint8_t> labels;
  std::vector<float> probabilities;
  for (const PartPredictions& part : validation) {
    const Predictions& predictions = part.predictions;
    labels.insert(labels.end(), predictions.labels.begin(), predictions.labels.end());
    probabilities.insert(probabilities.end(), predictions.probabilities.begin(),
                         predictions.probabilities.end());
  }
  return infer::FitThresholds(labels, probabilities, task.class_set(), initial, post_processing);
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
