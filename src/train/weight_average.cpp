#include "ecg/train/weight_average.h"

#include <algorithm>

namespace ecg::train {

WeightAverage::WeightAverage(const torch::nn::Module& module, double decay) : decay_(decay) {
  for (const auto& [name, tensor] : nn::TensorsOf(module)) {
    if (!tensor.is_floating_point()) continue;
    weights_.emplace_back(name, tensor);
    average_.emplace_back(name, tensor.detach().clone());
  }
}

void WeightAverage::Update() {
  const torch::NoGradGuard no_grad;
  ++steps_;
  const auto steps = static_cast<double>(steps_);
  const double decay = std::min(decay_, (1 + steps) / (10 + steps));
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    average_[i].second.lerp_(weights_[i].second, 1 - decay);
  }
}

void WeightAverage::Swap() {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const torch::Tensor weights = weights_[i].second.detach().clone();
    weights_[i].second.copy_(average_[i].second);
    average_[i].second.copy_(weights);
  }
}

}  // namespace ecg::train
