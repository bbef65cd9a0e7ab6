#include "ecg/model/nn/training_pass.h"

#include <ATen/CPUGeneratorImpl.h>

#include <utility>

#include "ecg/core/result.h"

namespace ecg::nn {
namespace {

thread_local TrainingPass* current = nullptr;

}  // namespace

TrainingPass::TrainingPass(std::uint64_t key) : keys_({key}), before_(current) { current = this; }

TrainingPass::~TrainingPass() { current = before_; }

TrainingPass& TrainingPass::Current() {
  if (current != nullptr) return *current;
  throw Exception({ErrorKind::kInternal, "a network in training without a pass", {}, 0, {}});
}

torch::Tensor TrainingPass::DropOut(const torch::Tensor& x, double probability) {
  if (probability <= 0) return x;
  if (!x.device().is_cpu()) return torch::dropout(x, probability, /*train=*/true);
  const torch::Tensor kept = torch::empty_like(x, x.options().requires_grad(false));
  kept.bernoulli_(1 - probability, at::detail::createCPUGenerator(NextKey()));
  return x * kept.div_(1 - probability);
}

void TrainingPass::Keep(const NormImpl& norm, std::vector<double> statistics) {
  statistics_[&norm] = std::move(statistics);
}

const std::vector<double>* TrainingPass::StatisticsOf(const NormImpl& norm) const {
  const auto found = statistics_.find(&norm);
  return found == statistics_.end() ? nullptr : &found->second;
}

}  // namespace ecg::nn
