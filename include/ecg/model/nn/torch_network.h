// The network of a bundle, computed by LibTorch.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ecg/model/bundle.h"
#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"
#include "ecg/model/nn/se_resnet.h"

namespace ecg::nn {

// A network around a module that stays the caller's: it is put into evaluation mode for each run
// and must be on `device`. On a processor its windows are computed side by side by `threads`
// threads, a part of fixed size each, so that no thread waits for another within an operator and
// their number changes no bit; 0: all together, operators with the threads that LibTorch has.
class TorchNetwork : public model::Network {
 public:
  TorchNetwork(SeResNet module, torch::Device device, bool bf16, int threads);

  void Run(const float* signal, std::size_t windows, model::Wanted wanted,
           model::NetworkOutput& output) override;
  std::vector<std::vector<float>> Attribute(const float* signal, std::size_t windows,
                                            const std::vector<std::size_t>& classes) override;

 private:
  void RunPart(const float* signal, std::size_t windows, model::Wanted wanted,
               model::NetworkOutput& output);
  std::vector<torch::Tensor> AttributePart(const torch::Tensor& x, std::size_t begin,
                                           std::size_t end,
                                           const std::vector<std::size_t>& classes);
  void ForEach(std::size_t count, const std::function<void(std::size_t)>& body);

  SeResNet module_;
  const torch::Device device_;
  const bool bf16_;
  const int threads_;
};

// The module that a bundle describes, with its weights, on the CPU and in evaluation mode. An error
// names what does not fit; nothing is allocated that the weights' size does not warrant.
Result<SeResNet> LoadModule(const model::Bundle& bundle);

}  // namespace ecg::nn
