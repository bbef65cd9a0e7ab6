// Two threads that take each other for processes.
#pragma once

#include <torch/torch.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "src/train/communicator.h"

namespace ecg::train_test {

using train::Communicator;

class Pair {
 public:
  class Side : public Communicator {
   public:
    Side(Pair& pair, std::size_t rank) : pair_(pair), rank_(rank) {}
    std::size_t rank() const override { return rank_; }
    std::size_t size() const override { return 2; }
    void Sum(const std::vector<torch::Tensor>& tensors) override {
      const torch::NoGradGuard no_grad;
      std::vector<torch::Tensor> copies;
      for (const torch::Tensor& tensor : tensors) copies.push_back(tensor.clone());
      pair_.offers_[rank_] = copies;
      pair_.Meet();
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        torch::Tensor(tensors[i]).copy_(pair_.offers_[0][i] + pair_.offers_[1][i]);
      }
      pair_.Meet();
    }
    bool Any(bool yes) override { return yes; }

   private:
    Pair& pair_;
    const std::size_t rank_;
  };

 private:
  void Meet() {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::size_t round = round_;
    if (++here_ == 2) {
      here_ = 0;
      ++round_;
      met_.notify_all();
    } else {
      met_.wait(lock, [&] { return round_ != round; });
    }
  }
  std::vector<torch::Tensor> offers_[2];
  std::mutex mutex_;
  std::condition_variable met_;
  std::size_t here_ = 0;
  std::size_t round_ = 0;
};

}  // namespace ecg::train_test
