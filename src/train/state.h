// All that changes while a run goes on, in one place: what would have to be kept to go on later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "ecg/nn/adamw.h"
#include "ecg/nn/se_resnet.h"
#include "ecg/train/observer.h"
#include "src/train/learner.h"

namespace ecg::train {

// The next thing to do.
struct Position {
  std::size_t phase = 0;  // of the plan
  int epoch = 1;          // in the phase
  std::size_t batch = 0;  // in the epoch
};

// The epoch that was best by the task's figure, in the present phase.
struct Best {
  double figure = -std::numeric_limits<double>::infinity();
  int epoch = 0;  // 0: none yet
};

// What the present epoch has added up.
struct EpochSums {
  StepLosses losses;  // sums over the steps that were not refused
  std::size_t steps = 0;
  std::size_t refused = 0;
  PeakTargetSummary peak_targets;
};

struct TrainState {
  TrainState(nn::SeResNet network, double weight_decay)
      : module(std::move(network)), optimizer(*module, weight_decay) {}

  Position at;
  Best best;
  EpochSums sums;
  int refused_in_a_row = 0;
  std::set<std::string> unreadable;  // ids of the records that have been named as such
  nn::SeResNet module;               // weights and running statistics
  nn::AdamW optimizer;               // moments by parameter; begins anew in each phase
  std::uint64_t log_bytes = 0;       // of metrics.jsonl
};

}  // namespace ecg::train
