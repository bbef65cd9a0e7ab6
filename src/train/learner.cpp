#include "src/train/learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ecg/nn/device.h"
#include "ecg/nn/losses.h"

namespace ecg::train {

void StepLosses::Add(const StepLosses& other, double weight) {
  total += weight * other.total;
  classification += weight * other.classification;
  peaks += weight * other.peaks;
}

Learner::Learner(nn::SeResNet model, const Config& config, Tasks tasks, torch::Device device,
                 bool bf16)
    : model_(std::move(model)),
      config_(config),
      tasks_(tasks),
      device_(device),
      bf16_(bf16),
      optimizer_(model_->parameters(), torch::optim::AdamWOptions(config.optimizer.learning_rate)
                                           .weight_decay(config.optimizer.weight_decay)) {}

StepLosses Learner::Step(const data::Batch& batch, double learning_rate) {
  for (auto& group : optimizer_.param_groups()) group.options().set_lr(learning_rate);
  optimizer_.zero_grad();
  const auto micro = static_cast<std::size_t>(config_.optimizer.micro_batch_size);
  const double with_peaks = std::accumulate(batch.has_peaks.begin(), batch.has_peaks.end(), 0.0);
  StepLosses losses;
  for (std::size_t begin = 0; begin < batch.size; begin += micro) {
    losses.Add(Accumulate(batch, begin, std::min(micro, batch.size - begin), with_peaks), 1);
  }
  if (!std::isfinite(losses.total)) return losses;
  if (config_.optimizer.gradient_clip > 0) {
    torch::nn::utils::clip_grad_norm_(model_->parameters(), config_.optimizer.gradient_clip);
  }
  optimizer_.step();
  return losses;
}

// Adds the gradients of some of a batch's records; returns their share of the batch's losses.
StepLosses Learner::Accumulate(const data::Batch& batch, std::size_t begin, std::size_t count,
                               double records_with_peaks) {
  const auto n = static_cast<std::int64_t>(count);
  const auto rows = [&](const std::vector<float>& values, torch::IntArrayRef shape) {
    const std::size_t row = values.size() / batch.size;
    return torch::from_blob(const_cast<float*>(values.data()) + begin * row, shape).to(device_);
  };
  const nn::SeResNetConfig& architecture = model_->config();
  const torch::Tensor x = rows(batch.signal, {n, architecture.in_channels, architecture.samples});
  torch::Tensor logits, grids;
  {
    const nn::AutocastGuard autocast(device_, bf16_);
    const torch::Tensor features = model_->Features(x);
    if (tasks_.classify) logits = model_->Classify(features);
    if (tasks_.detect_peaks) grids = model_->DetectPeaks(features);
  }
  StepLosses losses;
  torch::Tensor total = torch::zeros({}, torch::TensorOptions().device(device_));
  if (tasks_.classify) {
    const torch::Tensor labels = rows(batch.labels, {n, architecture.classes});
    const torch::Tensor mask = rows(batch.mask, {n, architecture.classes});
    const torch::Tensor loss = nn::ClassificationLoss(logits, labels, mask, config_.loss) *
                               (static_cast<double>(count) / static_cast<double>(batch.size));
    losses.classification = loss.item<double>();
    total = total + loss;
  }
  if (tasks_.detect_peaks) {
    const torch::Tensor takes_part = rows(batch.has_peaks, {n});
    const double share = takes_part.sum().item<double>() / std::max(1.0, records_with_peaks);
    const torch::Tensor loss =
        nn::PeakLoss(grids, rows(batch.peaks, grids.sizes()), takes_part, config_.peaks.loss) *
        share;
    losses.peaks = loss.item<double>();
    total = total + loss * (tasks_.classify ? config_.peaks.loss.weight : 1.0);
  }
  losses.total = total.item<double>();
  total.backward();
  return losses;
}

}  // namespace ecg::train
