// What a run will do, before it does anything: phases, epochs, steps and learning rates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/train/plan/config.h"

namespace ecg::train {

enum class Phase {
  kPretraining,  // peaks alone (paper section 2.4)
  kTraining,     // classification, with peaks where the model has a branch for them
};
const char* NameOf(Phase phase);

// What is learnt; at least one of both.
struct Objectives {
  bool classify = true;
  bool detect_peaks = false;
};

struct PhasePlan {
  Phase phase = Phase::kTraining;
  Objectives objectives;
  int epochs = 0;
  double learning_rate = 0;  // at the end of the warm-up
  int warmup_epochs = 0;
  int patience = 0;               // epochs without a better figure; 0: all epochs
  std::uint64_t first_epoch = 0;  // of the run, counted from 1 over all phases
};

struct Plan {
  std::size_t steps_per_epoch = 0;
  std::vector<PhasePlan> phases;  // those that have epochs, in order

  std::uint64_t last_epoch() const;  // of the run, if no phase ends early

  // Steps count from 0 over all epochs of the run. `epoch` counts from 1 in its phase, `batch` from
  // 0 in its epoch.
  std::uint64_t StepOf(const PhasePlan& phase, int epoch, std::size_t batch) const;
  double RateAt(const PhasePlan& phase, int epoch, std::size_t batch) const;
};

Plan MakePlan(const Config& config, std::size_t steps_per_epoch);

// Rises linearly to `peak` over the warm-up's steps, reached at its last one, then falls to zero
// along a cosine by the last step of all (paper section 2.7).
double LearningRate(double peak, std::size_t step, std::size_t warmup_steps,
                    std::size_t total_steps);

}  // namespace ecg::train
