#include "ecg/train/plan/loss_config.h"

namespace ecg::train {

void DescribeSettings(Settings& settings, const std::string& prefix, LossConfig& config) {
  settings.Add(prefix + "kind", config.kind,
               "asymmetric: the asymmetric loss of the paper; bce: binary cross-entropy; sign: the "
               "sign loss.",
               {{"asymmetric", LossKind::kAsymmetric},
                {"bce", LossKind::kBinaryCrossEntropy},
                {"sign", LossKind::kSign}});
  settings.Add(prefix + "gamma_positive", config.gamma_positive,
               "Focusing of positive labels in the asymmetric loss.", {0, 10});
  settings.Add(prefix + "gamma_negative", config.gamma_negative,
               "Focusing of negative labels in the asymmetric loss.", {0, 10});
  settings.Add(prefix + "margin", config.margin,
               "Probability below which a negative label counts as learnt.", {0, 0.9});
  settings.Add(prefix + "masked", config.masked,
               "Leave out labels that the source does not give reliably (data.label_mask).");
  settings.Add(prefix + "label_smoothing", config.label_smoothing,
               "Labels of 0 and 1 count as s/2 and 1 - s/2.", {0, 0.5});
  settings.Add(prefix + "metric_weight", config.metric_weight,
               "Weight of the challenge metric, with probabilities in the place of decisions, "
               "beside the rest of the loss; it is of the order of 1, the rest of 0.02 to 0.1.",
               {0, 100});
}

void DescribeSettings(Settings& settings, const std::string& prefix, PeakLossConfig& config) {
  settings.Add(prefix + "coordinate_weight", config.coordinate_weight,
               "Weight of the peaks' places in the detection loss (paper: 5).", {0, 1000});
  settings.Add(prefix + "empty_weight", config.empty_weight,
               "Weight of slots without a peak in the detection loss (paper: 0.2).", {0, 1000});
  settings.Add(prefix + "weight", config.weight,
               "Weight of the detection loss beside the classification's (paper: 0.1).", {0, 1000});
}

}  // namespace ecg::train
