// All that changes while a run goes on, in one place: what a checkpoint keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ecg/model/nn/se_resnet.h"
#include "ecg/train/adamw.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/observer.h"
#include "ecg/train/weight_average.h"
#include "src/train/learner.h"

namespace ecg::train {

// The next thing to do. After an epoch's last batch comes its validation, then the next epoch's
// first batch; whether the phase has that epoch is seen there.
struct Position {
  std::size_t phase = 0;  // of the plan
  int epoch = 1;          // in the phase
  std::size_t batch = 0;  // in the epoch
};

// The epoch that was best by the task's figure, in the present phase.
struct Best {
  double figure = -std::numeric_limits<double>::infinity();
  int epoch = 0;           // 0: none yet
  std::uint64_t step = 0;  // of the run, at the epoch's end: names the checkpoint
};

// What the present epoch has added up.
struct EpochSums {
  StepLosses losses;  // sums over the steps that were not refused
  std::size_t steps = 0;
  std::size_t refused = 0;
  PeakTargetSummary peak_targets;
};

struct TrainState {
  TrainState(nn::SeResNet network, const OptimizerConfig& config)
      : module(std::move(network)), optimizer(MakeOptimizer(*module, config)) {
    if (config.average_decay > 0) average.emplace(*module, config.average_decay);
  }

  static AdamW MakeOptimizer(const torch::nn::Module& module, const OptimizerConfig& config) {
    const bool apart = config.head_rate > 0 && config.learning_rate > 0;
    return AdamW(module, config.weight_decay, apart ? config.head_rate / config.learning_rate : 1);
  }

  Position at;
  Best best;
  EpochSums sums;
  int refused_in_a_row = 0;
  std::set<std::string> unreadable;  // ids of the records that have been named as such
  std::uint64_t log_lines = 0;       // of metrics.jsonl
  nn::SeResNet module;               // weights and running statistics
  AdamW optimizer;                   // moments by parameter; begins anew in each phase
  // What is validated and kept instead of the weights that learn; begins anew in each phase.
  std::optional<WeightAverage> average;
};

}  // namespace ecg::train
