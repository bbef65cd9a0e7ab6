// AdamW (Loshchilov and Hutter, arXiv:1711.05101) with its state in the open, by the parameters'
// names: LibTorch's own keys its state by address, differently from version to version.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/thread_team.h"

namespace ecg::train {

class AdamW {
 public:
  // What is kept of a parameter's gradients. Undefined until its first step.
  struct Moments {
    std::string name;  // of the parameter
    torch::Tensor first;
    torch::Tensor second;
    std::int64_t steps = 0;
  };

  // Of the parameters that want gradients. Those of the module's "head" move by `head_scale` times
  // the rate of all others.
  AdamW(const torch::nn::Module& module, double weight_decay, double head_scale = 1);

  // By parameter; undefined where there is none.
  void SetGradients(const std::vector<torch::Tensor>& gradients);
  // Moves every parameter that has a gradient; what torch::optim::AdamW gives, up to rounding. On a
  // processor the team's threads share the work, whose bits do not depend on their number.
  void Step(double learning_rate, ThreadTeam& team);

  // In the module's order of parameters.
  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  std::vector<Moments>& moments() { return moments_; }
  const std::vector<Moments>& moments() const { return moments_; }

 private:
  double weight_decay_;
  std::vector<torch::Tensor> parameters_;
  std::vector<double> scales_;  // of the rate
  std::vector<Moments> moments_;
};

}  // namespace ecg::train
