// An exponential moving average of a network's weights: a smoother network than the one that
// learns.
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "ecg/model/nn/weights.h"

namespace ecg::train {

class WeightAverage {
 public:
  // Begins as a copy of all floating-point parameters and buffers of the module.
  WeightAverage(const torch::nn::Module& module, double decay);

  // Moves towards the module's present weights, after one of its steps: average = decay x average +
  // (1 - decay) x weights. Early on the decay is (1 + steps) / (10 + steps), if that is less, so
  // that the first weights are soon forgotten.
  void Update();

  // Exchanges the module's weights and the average, bit for bit; twice is nothing.
  void Swap();

  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  // By the names of the module's own.
  const nn::NamedTensors& tensors() const { return average_; }

 private:
  double decay_;
  std::int64_t steps_ = 0;
  nn::NamedTensors weights_;  // the module's own
  nn::NamedTensors average_;
};

}  // namespace ecg::train
