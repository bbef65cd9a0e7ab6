#include "ecg/train/adamw.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "src/train/adamw_kernel.h"

namespace ecg::train {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

struct Together {
  std::vector<torch::Tensor> parameters, gradients, first, second;
};

constexpr std::size_t kGrain = 1 << 16;  // numbers that a thread takes at a time

// Whether it is a block of floats, in whatever order.
bool IsPlain(const torch::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.scalar_type() == torch::kFloat32 &&
         tensor.is_non_overlapping_and_dense();
}

// The gradient in the parameter's order.
torch::Tensor InOrderOf(const torch::Tensor& parameter, const torch::Tensor& gradient) {
  if (gradient.strides() == parameter.strides()) return gradient;
  return torch::empty_like(parameter).copy_(gradient);
}

// Each number is read and written once, where a kernel for each operation would do it nine times.
void MoveOnCpu(const Together& group, double keep, double rate, double deviation,
               ThreadTeam& team) {
  AdamWStep step;
  step.keep = static_cast<float>(keep);
  step.first = static_cast<float>(kBeta1);
  step.second = static_cast<float>(kBeta2);
  step.rate = static_cast<float>(rate);
  step.deviation = static_cast<float>(deviation);
  step.epsilon = static_cast<float>(kEpsilon);
  struct Piece {
    std::size_t parameter, begin, count;
  };
  std::vector<torch::Tensor> gradients;
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    gradients.push_back(InOrderOf(group.parameters[i], group.gradients[i]));
    const auto all = static_cast<std::size_t>(gradients.back().numel());
    for (std::size_t begin = 0; begin < all; begin += kGrain) {
      pieces.push_back({i, begin, std::min(kGrain, all - begin)});
    }
  }
  team.ForEach(pieces.size(), [&](std::size_t k) {
    const auto [i, begin, count] = pieces[k];
    MoveByAdamW(step, count, gradients[i].data_ptr<float>() + begin,
                group.parameters[i].data_ptr<float>() + begin,
                group.first[i].data_ptr<float>() + begin,
                group.second[i].data_ptr<float>() + begin);
  });
}

// On a GPU a kernel for all costs what one for a small one does.
void MoveAnywhere(Together& group, double keep, double rate, double deviation) {
  at::_foreach_mul_(group.parameters, keep);
  at::_foreach_mul_(group.first, kBeta1);
  at::_foreach_add_(group.first, group.gradients, 1 - kBeta1);
  at::_foreach_mul_(group.second, kBeta2);
  at::_foreach_addcmul_(group.second, group.gradients, group.gradients, 1 - kBeta2);
  const std::vector<torch::Tensor> deviations = at::_foreach_sqrt(group.second);
  at::_foreach_mul_(deviations, deviation);
  at::_foreach_add_(deviations, kEpsilon);
  at::_foreach_addcdiv_(group.parameters, group.first, deviations, -rate);
}

}  // namespace

AdamW::AdamW(const torch::nn::Module& module, double weight_decay, double head_scale)
    : weight_decay_(weight_decay) {
  for (const auto& item : module.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    parameters_.push_back(item.value());
    scales_.push_back(item.key().rfind("head.", 0) == 0 ? head_scale : 1);
    moments_.push_back({item.key(), {}, {}, 0});
  }
}

void AdamW::SetGradients(const std::vector<torch::Tensor>& gradients) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].mutable_grad() = gradients[i];
  }
}

void AdamW::Step(double learning_rate, ThreadTeam& team) {
  const torch::NoGradGuard no_grad;
  // Those that have made as many steps, at one rate, move together.
  std::map<std::pair<std::int64_t, double>, Together> groups;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& parameter = parameters_[i];
    if (!parameter.grad().defined()) continue;
    Moments& moments = moments_[i];
    if (moments.steps == 0) {
      moments.first = torch::zeros_like(parameter);
      moments.second = torch::zeros_like(parameter);
    }
    Together& group = groups[{++moments.steps, scales_[i]}];
    group.parameters.push_back(parameter);
    group.gradients.push_back(parameter.grad());
    group.first.push_back(moments.first);
    group.second.push_back(moments.second);
  }
  for (auto& [which, group] : groups) {
    const auto steps = static_cast<double>(which.first);
    const double correction1 = 1 - std::pow(kBeta1, steps);
    const double correction2 = 1 - std::pow(kBeta2, steps);
    const double own_rate = learning_rate * which.second;
    const double keep = 1 - own_rate * weight_decay_;
    const double rate = own_rate / correction1, deviation = 1 / std::sqrt(correction2);
    std::all_of(group.parameters.begin(), group.parameters.end(), IsPlain)
        ? MoveOnCpu(group, keep, rate, deviation, team)
        : MoveAnywhere(group, keep, rate, deviation);
  }
}

}  // namespace ecg::train
