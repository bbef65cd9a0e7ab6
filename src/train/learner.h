// One step of learning: from a batch to better weights.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "ecg/core/thread_team.h"
#include "ecg/data/samples/batch_loader.h"
#include "ecg/model/nn/se_resnet.h"
#include "ecg/train/adamw.h"
#include "ecg/train/plan/loss_config.h"
#include "ecg/train/plan/plan.h"
#include "src/train/communicator.h"
#include "src/train/gradient_tree.h"

namespace ecg::train {

// What learning needs of a run's settings, and where it computes.
struct LearnerConfig {
  LossConfig loss;
  PeakLossConfig peak_loss;
  std::vector<double> rewards;  // [classes][classes], where the challenge metric is learnt from
  double gradient_clip = 0;     // 0: none
  int seed = 1;                 // of dropout
  torch::Device device = torch::kCPU;
  bool bf16 = false;
  // That compute micro-batches side by side; 0: one after the other, by all of LibTorch's threads.
  int threads = 0;
};

struct StepLosses {
  double total = 0;           // what is minimised (paper equation (3) where both are learnt)
  double classification = 0;  // paper equation (1)
  double peaks = 0;           // paper equation (2)

  void Add(const StepLosses& other, double weight);
};

struct StepResult {
  StepLosses losses;     // means over the batch
  bool refused = false;  // loss or gradients were not finite: nothing has changed
};

// Teaches a module. What it keeps between steps is in the module and the optimiser alone: dropout
// draws from (seed, step, micro-batch). Micro-batches are computed side by side, each by one thread
// from input to gradients, and added up in the tree of ecg::Share: weights and running statistics
// are the same to the last bit for any number of threads and of processes that share them.
class Learner {
 public:
  // The references must outlive the object.
  Learner(const LearnerConfig& config, Objectives objectives, Communicator& communicator);

  // Learns from this process's part of a batch, in micro-batches whose gradients add up to those of
  // the batch, over all processes.
  StepResult Step(nn::SeResNet& module, AdamW& optimizer, const data::Batch& batch,
                  std::uint64_t step, double learning_rate);

 private:
  // What the sums of losses and gradients are divided by.
  struct Totals {
    double records = 0;
    double records_with_peaks = 0;
  };
  // The records of a batch from `begin` on.
  struct MicroBatch {
    const data::Batch& batch;
    std::size_t begin;
    std::size_t count;
  };
  Totals CountRecords(const data::Batch& batch);
  Gradients Learn(nn::SeResNet& module, const data::Batch& batch, std::uint64_t step,
                  const Totals& totals, const torch::Tensor& rows,
                  const std::vector<torch::Tensor>& parameters);
  torch::Tensor LossesOf(nn::SeResNet& module, const MicroBatch& part, const Totals& totals,
                         StepLosses& losses) const;
  void Exchange(const std::vector<torch::Tensor>& parameters, Gradients& gradients,
                const torch::Tensor& rows);
  bool Clip(Gradients& gradients);

  const LearnerConfig& config_;
  const Objectives objectives_;
  Communicator& communicator_;
  ThreadTeam team_;
  torch::Tensor rewards_;  // of the challenge metric, where it is learnt from
};

}  // namespace ecg::train
