#include "src/train/learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/core/share.h"
#include "ecg/model/nn/device.h"
#include "ecg/train/losses.h"

namespace ecg::train {
namespace {

constexpr std::int64_t kLosses = 3;  // that a row begins with, see Learner::Learn

double Norm(const Gradients& gradients, ThreadTeam& team) {
  std::vector<torch::Tensor> defined;
  for (const torch::Tensor& gradient : gradients) {
    if (gradient.defined()) defined.push_back(gradient);
  }
  if (defined.empty()) return 0;
  if (!defined[0].device().is_cpu()) {
    return torch::stack(at::_foreach_norm(defined)).norm().item<double>();
  }
  std::vector<torch::Tensor> norms(defined.size());
  team.ForEach(defined.size(), [&](std::size_t i) {
    const nn::OneThread alone;
    norms[i] = defined[i].norm();
  });
  return torch::stack(norms).norm().item<double>();
}

}  // namespace

void StepLosses::Add(const StepLosses& other, double weight) {
  total += weight * other.total;
  classification += weight * other.classification;
  peaks += weight * other.peaks;
}

Learner::Learner(const LearnerConfig& config, Objectives objectives, Communicator& communicator)
    : config_(config), objectives_(objectives), communicator_(communicator), team_(config.threads) {
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
  // A row for each micro-batch of all processes: its losses and statistics. One of zeros says
  // nothing.
  const auto width = kLosses + static_cast<std::int64_t>(module->CountStatistics());
  const torch::Tensor rows =
      torch::zeros({static_cast<std::int64_t>(batch.all_micro_batches), width}, torch::kFloat64);
  Gradients gradients = Learn(module, batch, step, totals, rows, optimizer.parameters());
  Exchange(optimizer.parameters(), gradients, rows);
  for (std::size_t number = 0; number < batch.all_micro_batches; ++number) {
    const double* row = rows.data_ptr<double>() + static_cast<std::int64_t>(number) * width;
    result.losses.Add({row[0], row[1], row[2]}, 1);
  }
  result.refused = !std::isfinite(result.losses.total) || !Clip(gradients);
  if (result.refused) return result;
  optimizer.SetGradients(gradients);
  optimizer.Step(learning_rate, team_);
  for (std::size_t number = 0; number < batch.all_micro_batches; ++number) {
    module->MoveStatistics(rows.data_ptr<double>() + static_cast<std::int64_t>(number) * width +
                           kLosses);
  }
  return result;
}

// The sum of the gradients of this process's micro-batches; fills their rows.
Gradients Learner::Learn(nn::SeResNet& module, const data::Batch& batch, std::uint64_t step,
                         const Totals& totals, const torch::Tensor& rows,
                         const std::vector<torch::Tensor>& parameters) {
  std::vector<MicroBatch> parts;
  std::size_t begin = 0;
  for (const std::size_t count : batch.micro_batches) {
    parts.push_back({batch, begin, count});
    begin += count;
  }
  const Share share = ShareOf(communicator_.rank(), communicator_.size());
  GradientTree tree(parts.size());
  team_.ForEach(parts.size(), [&](std::size_t i) {
    if (parts[i].count == 0) return tree.Add(i, {});
    std::optional<nn::OneThread> alone;
    if (config_.threads > 0) alone.emplace();
    const std::size_t number = share.first + i * share.stride;
    const auto seed = static_cast<std::uint64_t>(config_.seed);
    const std::uint64_t key = Rng({seed, HashName("dropout"), step, number}).Next();
    if (!config_.device.is_cpu()) torch::manual_seed(key);
    nn::TrainingPass pass(key);
    StepLosses losses;
    const torch::Tensor total = LossesOf(module, parts[i], totals, losses);
    Gradients gradients = torch::autograd::grad({total}, parameters, {}, /*retain_graph=*/false,
                                                /*create_graph=*/false, /*allow_unused=*/true);
    double* row = rows[static_cast<std::int64_t>(number)].data_ptr<double>();
    const std::vector<double> statistics = module->StatisticsOf(pass);
    const double all_losses[kLosses] = {losses.total, losses.classification, losses.peaks};
    std::copy_n(all_losses, kLosses, row);
    std::copy(statistics.begin(), statistics.end(), row + kLosses);
    tree.Add(i, std::move(gradients));
  });
  return tree.Take(team_);
}

// Sums gradients and rows over the processes.
void Learner::Exchange(const std::vector<torch::Tensor>& parameters, Gradients& gradients,
                       const torch::Tensor& rows) {
  if (communicator_.size() == 1) return;
  // A process that could read no record has no gradients, others have.
  gradients.resize(parameters.size());
  const torch::Tensor has =
      torch::zeros({static_cast<std::int64_t>(parameters.size())}, torch::kFloat64);
  double* holders = has.data_ptr<double>();
  for (std::size_t i = 0; i < parameters.size(); ++i) holders[i] = gradients[i].defined();
  communicator_.Sum({has});
  std::vector<torch::Tensor> all = {rows};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (holders[i] == 0) continue;
    if (!gradients[i].defined()) gradients[i] = torch::zeros_like(parameters[i]);
    all.push_back(gradients[i]);
  }
  communicator_.Sum(all);
}

// Returns whether the gradients are finite.
bool Learner::Clip(Gradients& gradients) {
  const double norm = Norm(gradients, team_);
  if (!std::isfinite(norm)) return false;
  const double clip = config_.gradient_clip;
  if (clip <= 0 || norm <= clip) return true;
  for (torch::Tensor& gradient : gradients) {
    if (gradient.defined()) gradient = gradient * (clip / (norm + 1e-6));
  }
  return true;
}

Learner::Totals Learner::CountRecords(const data::Batch& batch) {
  const double with_peaks = std::accumulate(batch.has_peaks.begin(), batch.has_peaks.end(), 0.0);
  const torch::Tensor counts =
      torch::tensor({static_cast<double>(batch.size), with_peaks}, torch::kFloat64);
  communicator_.Sum({counts});
  return {counts[0].item<double>(), counts[1].item<double>()};
}

// What is minimised, and what it consists of: a micro-batch's share of the batch's losses.
torch::Tensor Learner::LossesOf(nn::SeResNet& module, const MicroBatch& part, const Totals& totals,
                                StepLosses& losses) const {
  const data::Batch& batch = part.batch;
  const auto n = static_cast<std::int64_t>(part.count);
  const auto rows = [&](const std::vector<float>& values, torch::IntArrayRef shape) {
    const std::size_t row = values.size() / batch.size;
    return torch::from_blob(const_cast<float*>(values.data()) + part.begin * row, shape)
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
    classification = classification * (static_cast<double>(n) / totals.records);
    total = total + classification;
  }
  if (objectives_.detect_peaks) {
    const auto first = batch.has_peaks.begin() + static_cast<std::ptrdiff_t>(part.begin);
    const double share =
        std::accumulate(first, first + n, 0.0) / std::max(1.0, totals.records_with_peaks);
    peaks = PeakLoss(grids, rows(batch.peaks, grids.sizes()), rows(batch.has_peaks, {n}),
                     config_.peak_loss) *
            share;
    total = total + peaks * (objectives_.classify ? config_.peak_loss.weight : 1.0);
  }
  // The one moment that waits for a GPU.
  const torch::Tensor values =
      torch::stack({total, classification, peaks}).detach().to(torch::kFloat64).cpu();
  const double* value = values.data_ptr<double>();
  losses = {value[0], value[1], value[2]};
  return total;
}

}  // namespace ecg::train
