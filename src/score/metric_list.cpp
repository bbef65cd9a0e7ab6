#include "ecg/score/metric_list.h"

namespace ecg::score {

const std::vector<MetricField>& MetricFields(Challenge challenge) {
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
  return challenge == Challenge::k2020 ? of_2020 : of_2021;
}

const std::vector<ClassMetricField>& ClassMetricFields(Challenge challenge) {
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
  return challenge == Challenge::k2020 ? of_2020 : of_2021;
}

}  // namespace ecg::score
