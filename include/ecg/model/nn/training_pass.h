// What a forward pass in training draws, and what it leaves behind.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ecg/core/random.h"

namespace ecg::nn {

class NormImpl;

// While one lives, the forward passes of the thread that made it are training: what is dropped
// follows from its key, and the statistics of their batch go to it. So several threads may teach
// one module at a time.
class TrainingPass {
 public:
  explicit TrainingPass(std::uint64_t key);
  ~TrainingPass();
  TrainingPass(const TrainingPass&) = delete;
  TrainingPass& operator=(const TrainingPass&) = delete;

  // That of this thread. Throws Exception (kInternal) where there is none.
  static TrainingPass& Current();

  // A key for what the caller drops.
  std::uint64_t NextKey() { return keys_.Next(); }
  // Dropout by LibTorch's operators; on a GPU it draws from LibTorch's generator.
  torch::Tensor DropOut(const torch::Tensor& x, double probability);

  // `statistics`: [2][C], mean and unbiased variance of the batch.
  void Keep(const NormImpl& norm, std::vector<double> statistics);
  // What was kept of it; null: it saw no batch.
  const std::vector<double>* StatisticsOf(const NormImpl& norm) const;

 private:
  Rng keys_;
  std::unordered_map<const NormImpl*, std::vector<double>> statistics_;
  TrainingPass* const before_;
};

}  // namespace ecg::nn
