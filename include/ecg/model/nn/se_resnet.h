// The SE-ResNet backbone (paper section 2.3, Figure 2; its layers after Jia et al. and Zhu et al.,
// Computing in Cardiology 2020).
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "ecg/model/network_layout.h"
#include "ecg/model/nn/state_space.h"
#include "ecg/model/nn/training_pass.h"

namespace ecg::nn {

// Inside the network features are [N][C][1][L], which lets convolutions work with the channels of a
// position together.

// Batch normalisation whose running statistics do not move by themselves: in training, a forward
// pass leaves those of its batch to its TrainingPass.
class NormImpl : public torch::nn::Module {
 public:
  static constexpr double kEpsilon = 1e-5;
  static constexpr double kMomentum = 0.1;  // of the running statistics

  explicit NormImpl(std::int64_t channels);

  torch::Tensor weight, bias;               // [C]
  torch::Tensor running_mean, running_var;  // [C]
  torch::Tensor num_batches_tracked;
};
TORCH_MODULE(Norm);

// Squeeze and excitation (Hu et al., doi:10.1109/CVPR.2018.00745): two linear layers and a sigmoid,
// from each channel's mean to its gate. [N][C] -> [N][C].
class SqueezeExcitationImpl : public torch::nn::Module {
 public:
  SqueezeExcitationImpl(const model::LinearLayer& squeeze, const model::LinearLayer& excite);
  torch::Tensor forward(const torch::Tensor& means);

 private:
  torch::nn::Linear squeeze_{nullptr}, excite_{nullptr};
};
TORCH_MODULE(SqueezeExcitation);

// Two convolutions, of which a state-space layer may be the first, with a gate on the residual
// branch, before the addition:
// [N][in][1][L] -> [N][out][1][ceil(L / 2)] where the block down-samples, else [N][out][1][L].
class SeBasicBlockImpl : public torch::nn::Module {
 public:
  SeBasicBlockImpl(const model::BlockLayout& layout, double dropout);
  torch::Tensor forward(torch::Tensor x);

 private:
  torch::Tensor MixInTime(const torch::Tensor& x);  // the first of the two

  bool pools_ = false;  // down-samples by max-pooling
  double dropout_ = 0;
  std::vector<torch::nn::Conv1d> conv1_;  // one for each length
  StateSpace state_space_{nullptr};       // instead of them
  torch::nn::Conv1d conv2_{nullptr};
  Norm norm1_{nullptr}, norm2_{nullptr};
  SqueezeExcitation gate_{nullptr};
  torch::nn::Conv1d shortcut_{nullptr};  // where the shape changes
  Norm shortcut_norm_{nullptr};
};
TORCH_MODULE(SeBasicBlock);

// Peak detection from the features before the last stage (paper section 2.4):
// [N][C][1][L] -> [N][cells][slots][slot size] as data::PeakGrid lays them out, each number what a
// sigmoid is taken of. The paper's is a perceptron over the channels of each position and a
// convolution, for any L; that of its authors' code is one linear layer over the whole window.
class PeakBranchImpl : public torch::nn::Module {
 public:
  PeakBranchImpl(const model::PeakBranchLayout& layout, const model::SeResNetConfig& config);
  torch::Tensor forward(const torch::Tensor& features);

 private:
  std::int64_t slots_;
  std::int64_t slot_size_;
  torch::nn::Conv1d perceptron_{nullptr}, convolution_{nullptr};  // the paper's
  torch::nn::Conv1d squeeze_{nullptr};                            // the authors'
  double dropout_ = 0;
  torch::nn::Linear linear_{nullptr};
};
TORCH_MODULE(PeakBranch);

// In training a forward pass needs a TrainingPass, and changes nothing here.
class SeResNetImpl : public torch::nn::Module {
 public:
  explicit SeResNetImpl(const model::SeResNetConfig& config);

  // float [N][in_channels][samples], mV -> logits [N][classes].
  torch::Tensor forward(const torch::Tensor& x) { return Classify(Features(x), x); }

  // What both tasks share: all stages but the last, [N][in_channels][samples] -> [N][C][1][L].
  torch::Tensor Features(torch::Tensor x);
  // The last stage and the head: features -> logits [N][classes]. `x` is the input that the
  // features are of.
  torch::Tensor Classify(const torch::Tensor& features, const torch::Tensor& x);
  // The peak branch, which must be there: features -> float [N][cells][slots][slot size], before
  // and after the sigmoid.
  torch::Tensor PeakLogits(const torch::Tensor& features) { return peaks_(features); }
  torch::Tensor DetectPeaks(const torch::Tensor& features) {
    return torch::sigmoid(PeakLogits(features));
  }

  // From now on training leaves stem and stages as they are: no gradients, the running statistics
  // in use, nothing dropped. Head and peak branch learn.
  void FreezeBody();
  void train(bool on = true) override;

  // The batch statistics that a pass has left, of all norms, as one vector of a length that never
  // changes; of norms that saw no batch it says so.
  std::vector<double> StatisticsOf(const TrainingPass& pass) const;
  std::size_t CountStatistics() const;  // its length
  // Moves the running statistics by what StatisticsOf gave; zeros move nothing.
  void MoveStatistics(const double* statistics);

  const model::SeResNetConfig& config() const { return config_; }
  data::PeakGrid peak_grid() const { return {config_.peak_grid, config_.blocks.size()}; }

 private:
  model::SeResNetConfig config_;
  bool frozen_ = false;  // its body
  torch::nn::Conv1d stem_{nullptr};
  Norm stem_norm_{nullptr};
  std::vector<torch::nn::Sequential> stages_;
  std::vector<std::shared_ptr<NormImpl>> norms_;  // all of them
  torch::nn::Linear head_{nullptr};
  PeakBranch peaks_{nullptr};
};
TORCH_MODULE(SeResNet);

}  // namespace ecg::nn
