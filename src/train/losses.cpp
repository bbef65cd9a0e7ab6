#include "ecg/train/losses.h"

namespace ecg::train {
namespace {

// Below this a probability's logarithm is cut off.
constexpr double kSmallest = 1e-8;

}  // namespace

torch::Tensor AsymmetricLoss(const torch::Tensor& logits, const torch::Tensor& targets,
                             double gamma_positive, double gamma_negative, double margin) {
  const torch::Tensor p = torch::sigmoid(logits);
  const torch::Tensor negatives = 1 - targets;
  const torch::Tensor q = (1 - p + margin).clamp_max(1);  // probability of "no", shifted
  const torch::Tensor log_likelihood =
      targets * torch::log(p.clamp_min(kSmallest)) + negatives * torch::log(q.clamp_min(kSmallest));
  if (gamma_positive <= 0 && gamma_negative <= 0) return -log_likelihood;
  const torch::Tensor likelihood = p * targets + q * negatives;
  // The slope of x^g at 0 is infinite for g < 1: it ends where the logarithm does.
  const torch::Tensor focus = torch::pow((1 - likelihood).clamp_min(kSmallest),
                                         gamma_positive * targets + gamma_negative * negatives);
  return -log_likelihood * focus;
}

torch::Tensor SignLoss(const torch::Tensor& logits, const torch::Tensor& targets) {
  const torch::Tensor p = torch::sigmoid(logits);
  const torch::Tensor distance = torch::abs(targets - p);
  // y - 2py + p^2 equals (y - p)^2 for labels of 0 and 1.
  const torch::Tensor weight =
      torch::where(distance < 0.5, targets - 2 * p * targets + p * p, torch::ones_like(p));
  return weight *
         torch::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::None);
}

torch::Tensor ClassificationLoss(const torch::Tensor& logits, const torch::Tensor& labels,
                                 const torch::Tensor& mask, const LossConfig& config) {
  const double smoothing = config.label_smoothing;
  const torch::Tensor targets = smoothing > 0 ? labels * (1 - smoothing) + smoothing / 2 : labels;
  // Probabilities near 0 and 1 need single precision whatever the network ran in.
  const torch::Tensor x = logits.to(torch::kFloat32);
  torch::Tensor cells;
  switch (config.kind) {
    case LossKind::kAsymmetric:
      cells =
          AsymmetricLoss(x, targets, config.gamma_positive, config.gamma_negative, config.margin);
      break;
    case LossKind::kBinaryCrossEntropy:
      cells = torch::binary_cross_entropy_with_logits(x, targets, {}, {}, at::Reduction::None);
      break;
    case LossKind::kSign:
      cells = SignLoss(x, targets);
      break;
  }
  return (config.masked ? cells * mask : cells).mean();
}

torch::Tensor MetricLoss(const torch::Tensor& logits, const torch::Tensor& targets,
                         const torch::Tensor& mask, const torch::Tensor& rewards) {
  const torch::Tensor p = torch::sigmoid(logits.to(torch::kFloat32)) * mask;
  const torch::Tensor y = targets * mask;
  const torch::Tensor reward = (torch::matmul(y, rewards) * p).sum(1);
  return -(reward / (y + p - y * p).sum(1).clamp_min(1)).mean();
}

torch::Tensor PeakLoss(const torch::Tensor& output, const torch::Tensor& target,
                       const torch::Tensor& takes_part, const PeakLossConfig& config) {
  const torch::Tensor error = torch::square(output - target);
  const torch::Tensor has_peak = target.select(/*dim=*/3, /*index=*/0);
  const torch::Tensor confidence = error.select(3, 0);
  const torch::Tensor place = error.select(3, 1);
  const torch::Tensor type = error.slice(/*dim=*/3, /*start=*/2).sum(3);
  const torch::Tensor slots = has_peak * (config.coordinate_weight * place + confidence + type) +
                              config.empty_weight * (1 - has_peak) * confidence;
  const torch::Tensor records = slots.sum({1, 2}) / static_cast<double>(target.size(1));
  return (records * takes_part).sum() / takes_part.sum().clamp_min(1);
}

}  // namespace ecg::train
