#include "ecg/nn/adamw.h"

#include <cmath>
#include <map>

namespace ecg::nn {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

struct Together {
  std::vector<torch::Tensor> parameters, gradients, first, second;
};

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
  // Those that have made as many steps move together: on a GPU a kernel for all costs what one for
  // a small one does.
  std::map<std::int64_t, Together> groups;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& parameter = parameters_[i];
    if (!parameter.grad().defined()) continue;
    Moments& moments = moments_[i];
    if (moments.steps == 0) {
      moments.first = torch::zeros_like(parameter);
      moments.second = torch::zeros_like(parameter);
    }
    Together& group = groups[++moments.steps];
    group.parameters.push_back(parameter);
    group.gradients.push_back(parameter.grad());
    group.first.push_back(moments.first);
    group.second.push_back(moments.second);
  }
  for (auto& [steps, group] : groups) {
    const double correction1 = 1 - std::pow(kBeta1, static_cast<double>(steps));
    const double correction2 = 1 - std::pow(kBeta2, static_cast<double>(steps));
    if (weight_decay_ != 0) at::_foreach_mul_(group.parameters, 1 - learning_rate * weight_decay_);
    at::_foreach_mul_(group.first, kBeta1);
    at::_foreach_add_(group.first, group.gradients, 1 - kBeta1);
    at::_foreach_mul_(group.second, kBeta2);
    at::_foreach_addcmul_(group.second, group.gradients, group.gradients, 1 - kBeta2);
    const std::vector<torch::Tensor> deviations = at::_foreach_sqrt(group.second);
    at::_foreach_div_(deviations, std::sqrt(correction2));
    at::_foreach_add_(deviations, kEpsilon);
    at::_foreach_addcdiv_(group.parameters, group.first, deviations, -learning_rate / correction1);
  }
}

}  // namespace ecg::nn
