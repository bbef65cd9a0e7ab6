#include "ecg/score/metric_list.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "ecg/core/text.h"

namespace ecg::score {

Scoring::Scoring(challenge::ClassSet own)
    : year_(Challenge::k2021), own_(std::make_shared<challenge::ClassSet>(std::move(own))) {}

const challenge::ClassSet& Scoring::classes() const {
  if (own_ != nullptr) return *own_;
  return year_ == Challenge::k2020 ? challenge::Classes2020() : challenge::Classes2021();
}

const std::vector<MetricField>& MetricFields(const Scoring& scoring) {
  static const MetricField auroc{
      "auroc", "AUROC", "ranking: area under the ROC curve, mean of classes", &Metrics::auroc};
  static const MetricField auprc{"auprc", "AUPRC", "ranking: average precision, mean of classes",
                                 &Metrics::auprc};
  static const MetricField accuracy{"accuracy", "Accuracy", "recordings with every class right",
                                    &Metrics::accuracy};
  static const MetricField f_measure{"f_measure", "F-measure", "decisions: F1, mean of classes",
                                     &Metrics::f_measure};
  static const MetricField f_beta{"f_beta", "Fbeta-measure", "decisions: sensitivity counts double",
                                  &Metrics::f_beta};
  static const MetricField g_beta{"g_beta", "Gbeta-measure", "decisions: misses count double",
                                  &Metrics::g_beta};
  static const MetricField metric{"challenge", "Challenge metric",
                                  "decisions, weighted by harm: 1 perfect, 0 always normal",
                                  &Metrics::challenge};
  static const std::vector<MetricField> of_2021 = {auroc, auprc, accuracy, f_measure, metric};
  static const std::vector<MetricField> of_2020 = {auroc,  auprc,  accuracy, f_measure,
                                                   f_beta, g_beta, metric};
  static const std::vector<MetricField> without = {auroc, auprc, accuracy, f_measure};
  if (!scoring.classes().HasChallengeMetric()) return without;
  return scoring.year() == Challenge::k2020 ? of_2020 : of_2021;
}

Result<MetricFloor> ParseMetricFloor(const std::string& text, const Scoring& scoring) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string key = text.substr(0, equals);
  std::vector<std::string> known;
  for (const MetricField& field : MetricFields(scoring)) {
    known.push_back(field.key);
    if (field.key != key) continue;
    const std::string value = text.substr(std::min(equals + 1, text.size()));
    const std::optional<double> number = ParseDouble(value);
    if (!number || std::isnan(*number)) return UsageError("no number: \"" + value + "\"");
    return MetricFloor{field, *number};
  }
  return UsageError("no metric \"" + key + "\"; there are " + Join(known, ", "));
}

bool IsBelow(const Metrics& metrics, const MetricFloor& floor) {
  return !(metrics.*floor.metric.value >= floor.value);
}

const std::vector<ClassMetricField>& ClassMetricFields(const Scoring& scoring) {
  static const std::vector<ClassMetricField> of_2021 = {
      {"auroc", "AUROC", &ClassMetrics::auroc},
      {"auprc", "AUPRC", &ClassMetrics::auprc},
      {"f_measure", "F-measure", &ClassMetrics::f_measure}};
  static const std::vector<ClassMetricField> of_2020 = [] {
    std::vector<ClassMetricField> fields = of_2021;
    fields.push_back({"f_beta", "Fbeta-measure", &ClassMetrics::f_beta});
    fields.push_back({"g_beta", "Gbeta-measure", &ClassMetrics::g_beta});
    return fields;
  }();
  return scoring.year() == Challenge::k2020 ? of_2020 : of_2021;
}

}  // namespace ecg::score
