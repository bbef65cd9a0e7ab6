// What a run will take, by trying it.
#pragma once

#include <torch/torch.h>

#include <functional>

#include "ecg/data/samples/batch_loader.h"
#include "ecg/model/nn/se_resnet.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/observer.h"
#include "ecg/train/plan/plan.h"
#include "src/train/learner.h"

namespace ecg::train {

// Times a few steps of each phase on noise; `teach`, if given, is part of those that classify. The
// module's weights do not matter afterwards. Reading records is not in it, nor is validation.
CostEstimate EstimateCost(const LearnerConfig& config, const OptimizerConfig& optimization,
                          const Plan& plan, nn::SeResNet& module,
                          const std::function<void(data::Batch&)>& teach);

}  // namespace ecg::train
