// One step of learning: from a batch to better weights.
#pragma once

#include <torch/torch.h>

#include "ecg/data/batches.h"
#include "ecg/nn/se_resnet.h"
#include "ecg/train/config.h"

namespace ecg::train {

// What is learnt; at least one of both.
struct Tasks {
  bool classify = true;
  bool detect_peaks = false;
};

struct StepLosses {
  double total = 0;           // what is minimised (paper equation (3) where both are learnt)
  double classification = 0;  // paper equation (1)
  double peaks = 0;           // paper equation (2)

  void Add(const StepLosses& other, double weight);
};

// Holds the optimiser's state; the model is shared.
class Learner {
 public:
  Learner(nn::SeResNet model, const Config& config, Tasks tasks, torch::Device device, bool bf16);

  // Learns from a batch (not empty), in micro-batches whose gradients add up to the batch's.
  // Weights do not change where the loss is not finite.
  StepLosses Step(const data::Batch& batch, double learning_rate);

 private:
  StepLosses Accumulate(const data::Batch& batch, std::size_t begin, std::size_t count,
                        double records_with_peaks);

  nn::SeResNet model_;
  const Config& config_;
  const Tasks tasks_;
  const torch::Device device_;
  const bool bf16_;
  torch::optim::AdamW optimizer_;
};

}  // namespace ecg::train
