#include "src/train/estimate.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/data/prepare/peak_grid.h"
#include "src/train/communicator.h"
#include "src/train/learner.h"

namespace ecg::train {
namespace {

// After one step that warms up, at least so many, and more for so long, but not too many.
constexpr std::size_t kLeastSteps = 3, kMostSteps = 20;
constexpr double kLeastSeconds = 2;
constexpr double kNoiseMv = 0.2;

// A batch, or as much of it as `threads` compute at a time.
data::Batch Noise(const OptimizerConfig& config, const model::SeResNetConfig& architecture,
                  int threads) {
  data::Batch batch;
  const auto micro = static_cast<std::size_t>(config.micro_batch_size);
  batch.size = std::min(static_cast<std::size_t>(config.batch_size),
                        micro * static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t left = batch.size; left > 0;) {
    batch.micro_batches.push_back(std::min(left, micro));
    left -= batch.micro_batches.back();
  }
  batch.all_micro_batches = batch.micro_batches.size();
  Rng rng({1});
  batch.signal.resize(batch.size *
                      static_cast<std::size_t>(architecture.in_channels * architecture.samples));
  for (float& value : batch.signal) value = static_cast<float>(rng.Normal(0, kNoiseMv));
  batch.labels.assign(batch.size * static_cast<std::size_t>(architecture.classes), 0);
  batch.mask.assign(batch.labels.size(), 1);
  if (architecture.DetectsPeaks()) {
    const data::PeakGrid grid(architecture.peak_grid, architecture.blocks.size());
    batch.peaks.assign(batch.size * grid.Size(static_cast<std::size_t>(architecture.samples)), 0);
    batch.has_peaks.assign(batch.size, 1);
  }
  return batch;
}

std::size_t LargestResidentSize() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

CostEstimate EstimateCost(const LearnerConfig& config, const OptimizerConfig& optimization,
                          const Plan& plan, nn::SeResNet& module,
                          const std::function<void(data::Batch&)>& teach) {
  SingleProcess alone;
  AdamW optimizer(*module, optimization.weight_decay);
  module->train();
  CostEstimate cost;
  for (const PhasePlan& phase : plan.phases) {
    if (phase.epochs == 0) continue;
    Learner learner(config, phase.objectives, alone);
    data::Batch batch = Noise(optimization, module->config(), config.threads);
    const auto step = [&] {
      const auto begin = std::chrono::steady_clock::now();
      if (teach && phase.objectives.classify) teach(batch);
      learner.Step(module, optimizer, batch, 0, 0);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    step();
    // The median, since whatever else runs makes some steps longer.
    std::vector<double> times;
    double sum = 0;
    while (times.size() < kLeastSteps || (sum < kLeastSeconds && times.size() < kMostSteps)) {
      times.push_back(step());
      sum += times.back();
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    const double seconds =
        times[times.size() / 2] * optimization.batch_size / static_cast<double>(batch.size);
    const auto steps = static_cast<double>(plan.steps_per_epoch) * phase.epochs;
    cost.seconds += steps * seconds;
    cost.records_per_second = optimization.batch_size / seconds;
  }
  cost.memory = LargestResidentSize();
  return cost;
}

}  // namespace ecg::train
