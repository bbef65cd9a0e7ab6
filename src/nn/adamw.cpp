#include "ecg/nn/adamw.h"

#include <cmath>

namespace ecg::nn {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

}  // namespace

AdamW::AdamW(const torch::nn::Module& module, double weight_decay) : weight_decay_(weight_decay) {
  for (const auto& item : module.named_parameters()) {
    parameters_.push_back(item.value());
    moments_.push_back({item.key(), {}, {}, 0});
  }
}

void AdamW::ZeroGrad() {
  for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void AdamW::Step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& parameter = parameters_[i];
    const torch::Tensor& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    Moments& moments = moments_[i];
    if (moments.steps == 0) {
      moments.first = torch::zeros_like(parameter);
      moments.second = torch::zeros_like(parameter);
    }
    ++moments.steps;
    const auto steps = static_cast<double>(moments.steps);
    const double correction1 = 1 - std::pow(kBeta1, steps);
    const double correction2 = 1 - std::pow(kBeta2, steps);
    if (weight_decay_ != 0) parameter.mul_(1 - learning_rate * weight_decay_);
    moments.first.mul_(kBeta1).add_(gradient, 1 - kBeta1);
    moments.second.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    const torch::Tensor deviation = (moments.second.sqrt() / std::sqrt(correction2)).add_(kEpsilon);
    parameter.addcdiv_(moments.first, deviation, -learning_rate / correction1);
  }
}

}  // namespace ecg::nn
