#include "src/train/learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/model/nn/device.h"
#include "ecg/train/losses.h"

namespace ecg::train {
namespace {

std::vector<torch::Tensor> Gradients(const AdamW& optimizer) {
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& parameter : optimizer.parameters()) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  return gradients;
}

double Norm(const std::vector<torch::Tensor>& gradients) {
  if (gradients.empty()) return 0;
  return torch::stack(at::_foreach_norm(gradients)).norm().item<double>();
}

}  // namespace

void StepLosses::Add(const StepLosses& other, double weight) {
  total += weight * other.total;
  classification += weight * other.classification;
  peaks += weight * other.peaks;
}

Learner::Learner(const LearnerConfig& config, Objectives objectives, Communicator& communicator)
    : config_(config), objectives_(objectives), communicator_(communicator) {
  if (config.loss.metric_weight <= 0) return;
  const auto classes = std::llround(std::sqrt(static_cast<double>(config.rewards.size())));
  rewards_ =
      torch::tensor(config.rewards, torch::kFloat32).reshape({classes, classes}).to(config.device);
}

StepResult Learner::Step(nn::SeResNet& module, AdamW& optimizer, const data::Batch& batch,
                         std::uint64_t step, double learning_rate) {
  StepResult result;
  const Totals totals = CountRecords(batch);
  if (totals.records == 0) return result;
  optimizer.ZeroGrad();
  module->TakeStatistics();  // what a pass that was no step may have left
  // A row for each micro-batch of all processes; a row of zeros says nothing.
  torch::Tensor statistics;
  const auto seed = static_cast<std::uint64_t>(config_.seed);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < batch.micro_batches.size(); ++i) {
    const std::size_t number = communicator_.rank() + i * communicator_.size();
    const std::size_t count = batch.micro_batches[i];
    if (count > 0) {
      torch::manual_seed(Rng({seed, HashName("dropout"), step, number}).Next());
      result.losses.Add(Accumulate(module, batch, begin, count, totals), 1);
    }
    const torch::Tensor row = module->TakeStatistics();
    if (!statistics.defined()) {
      statistics = torch::zeros({static_cast<std::int64_t>(batch.all_micro_batches), row.size(0)},
                                torch::kFloat64);
    }
    statistics[static_cast<std::int64_t>(number)].copy_(row);
    begin += count;
  }
  result.refused = !Share(optimizer, result.losses, statistics);
  if (result.refused) return result;
  optimizer.Step(learning_rate);
  for (std::size_t i = 0; i < batch.all_micro_batches; ++i) {
    module->MoveStatistics(statistics[static_cast<std::int64_t>(i)]);
  }
  return result;
}

// Sums gradients, losses and statistics over the processes, and clips. Returns whether all of it is
// finite.
bool Learner::Share(AdamW& optimizer, StepLosses& losses, const torch::Tensor& statistics) {
  if (communicator_.size() > 1) {
    FillGradients(optimizer);
    const torch::Tensor sums =
        torch::tensor({losses.total, losses.classification, losses.peaks}, torch::kFloat64);
    std::vector<torch::Tensor> all = Gradients(optimizer);
    all.insert(all.end(), {sums, statistics});
    communicator_.Sum(all);
    losses = {sums[0].item<double>(), sums[1].item<double>(), sums[2].item<double>()};
  }
  std::vector<torch::Tensor> shared = Gradients(optimizer);
  const double clip = config_.gradient_clip;
  const double norm = Norm(shared);
  if (!std::isfinite(losses.total) || !std::isfinite(norm)) return false;
  if (clip > 0 && norm > clip) {
    for (torch::Tensor& gradient : shared) gradient.mul_(clip / (norm + 1e-6));
  }
  return true;
}

// Zeros where another process has a gradient and this one, for lack of readable records, has none.
void Learner::FillGradients(AdamW& optimizer) {
  const std::vector<torch::Tensor>& parameters = optimizer.parameters();
  const torch::Tensor has =
      torch::zeros({static_cast<std::int64_t>(parameters.size())}, torch::kFloat64);
  double* values = has.data_ptr<double>();
  for (std::size_t i = 0; i < parameters.size(); ++i) values[i] = parameters[i].grad().defined();
  communicator_.Sum({has});
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (values[i] == 0 || parameters[i].grad().defined()) continue;
    torch::Tensor(parameters[i]).mutable_grad() = torch::zeros_like(parameters[i]);
  }
}

Learner::Totals Learner::CountRecords(const data::Batch& batch) {
  const double with_peaks = std::accumulate(batch.has_peaks.begin(), batch.has_peaks.end(), 0.0);
  const torch::Tensor counts =
      torch::tensor({static_cast<double>(batch.size), with_peaks}, torch::kFloat64);
  communicator_.Sum({counts});
  return {counts[0].item<double>(), counts[1].item<double>()};
}

// Adds the gradients of some of a batch's records; returns their share of the batch's losses.
StepLosses Learner::Accumulate(nn::SeResNet& module, const data::Batch& batch, std::size_t begin,
                               std::size_t count, const Totals& totals) {
  const auto n = static_cast<std::int64_t>(count);
  const auto rows = [&](const std::vector<float>& values, torch::IntArrayRef shape) {
    const std::size_t row = values.size() / batch.size;
    return torch::from_blob(const_cast<float*>(values.data()) + begin * row, shape)
        .to(config_.device);
  };
  const model::SeResNetConfig& architecture = module->config();
  const torch::Tensor x = rows(batch.signal, {n, architecture.in_channels, architecture.samples});
  torch::Tensor logits, grids;
  {
    const nn::AutocastGuard autocast(config_.device, config_.bf16);
    const torch::Tensor features = module->Features(x);
    if (objectives_.classify) logits = module->Classify(features, x);
    if (objectives_.detect_peaks) grids = module->DetectPeaks(features);
  }
  torch::Tensor classification = torch::zeros({}, torch::TensorOptions().device(config_.device));
  torch::Tensor peaks = classification;
  torch::Tensor total = classification;
  if (objectives_.classify) {
    const torch::Tensor labels = rows(batch.labels, {n, architecture.classes});
    const torch::Tensor mask = rows(batch.mask, {n, architecture.classes});
    classification = ClassificationLoss(logits, labels, mask, config_.loss);
    if (rewards_.defined()) {
      classification =
          classification + config_.loss.metric_weight * MetricLoss(logits, labels, mask, rewards_);
    }
    classification = classification * (static_cast<double>(count) / totals.records);
    total = total + classification;
  }
  if (objectives_.detect_peaks) {
    const auto first = batch.has_peaks.begin() + static_cast<std::ptrdiff_t>(begin);
    const double share = std::accumulate(first, first + static_cast<std::ptrdiff_t>(count), 0.0) /
                         std::max(1.0, totals.records_with_peaks);
    peaks = PeakLoss(grids, rows(batch.peaks, grids.sizes()), rows(batch.has_peaks, {n}),
                     config_.peak_loss) *
            share;
    total = total + peaks * (objectives_.classify ? config_.peak_loss.weight : 1.0);
  }
  total.backward();
  // The one moment that waits for a GPU.
  const torch::Tensor values =
      torch::stack({total, classification, peaks}).detach().to(torch::kFloat64).cpu();
  const double* value = values.data_ptr<double>();
  return {value[0], value[1], value[2]};
}

}  // namespace ecg::train
