// How several processes that train one model agree. One process needs none of it.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <vector>

namespace ecg::train {

// All processes call the same functions in the same order.
class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual std::size_t rank() const = 0;  // 0 .. size() - 1
  virtual std::size_t size() const = 0;
  // Each tensor becomes the sum of all processes', added up in the tree of ecg::ShareOf.
  virtual void Sum(const std::vector<torch::Tensor>& tensors) = 0;
  // Whether any process says yes.
  virtual bool Any(bool yes) = 0;
};

class SingleProcess : public Communicator {
 public:
  std::size_t rank() const override { return 0; }
  std::size_t size() const override { return 1; }
  void Sum(const std::vector<torch::Tensor>& /*tensors*/) override {}
  bool Any(bool yes) override { return yes; }
};

}  // namespace ecg::train
