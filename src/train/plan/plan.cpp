#include "ecg/train/plan/plan.h"

#include <algorithm>
#include <cmath>

namespace ecg::train {

const char* NameOf(Phase phase) {
  return phase == Phase::kPretraining ? "pretraining" : "training";
}

std::uint64_t Plan::last_epoch() const {
  if (phases.empty()) return 0;
  return phases.back().first_epoch + static_cast<std::uint64_t>(phases.back().epochs) - 1;
}

std::uint64_t Plan::StepOf(const PhasePlan& phase, int epoch, std::size_t batch) const {
  return (phase.first_epoch - 1 + static_cast<std::uint64_t>(epoch - 1)) * steps_per_epoch + batch;
}

double Plan::RateAt(const PhasePlan& phase, int epoch, std::size_t batch) const {
  const auto steps = [this](int epochs) {
    return static_cast<std::size_t>(epochs) * steps_per_epoch;
  };
  return LearningRate(phase.learning_rate, steps(epoch - 1) + batch, steps(phase.warmup_epochs),
                      steps(phase.epochs));
}

Plan MakePlan(const Config& config, std::size_t steps_per_epoch) {
  const PhasePlan pretraining = {Phase::kPretraining,
                                 {false, true},
                                 config.pretraining.epochs,
                                 config.pretraining.learning_rate,
                                 config.pretraining.warmup_epochs,
                                 0,
                                 0};
  const PhasePlan training = {Phase::kTraining,
                              {true, config.model.DetectsPeaks()},
                              config.optimizer.epochs,
                              config.optimizer.learning_rate,
                              config.optimizer.warmup_epochs,
                              config.optimizer.patience,
                              0};
  Plan plan;
  plan.steps_per_epoch = steps_per_epoch;
  std::uint64_t next = 1;
  for (PhasePlan phase : {pretraining, training}) {
    if (phase.phase == Phase::kPretraining && phase.epochs == 0) continue;
    phase.first_epoch = next;
    next += static_cast<std::uint64_t>(phase.epochs);
    plan.phases.push_back(phase);
  }
  return plan;
}

double LearningRate(double peak, std::size_t step, std::size_t warmup_steps,
                    std::size_t total_steps) {
  if (step < warmup_steps) {
    return peak * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  }
  const double done = static_cast<double>(step - warmup_steps + 1);
  const double all = static_cast<double>(std::max(total_steps, warmup_steps + 1) - warmup_steps);
  return 0.5 * peak * (1 + std::cos(M_PI * std::min(1.0, done / all)));
}

}  // namespace ecg::train
