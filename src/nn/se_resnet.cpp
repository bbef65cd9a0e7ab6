#include "ecg/nn/se_resnet.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace ecg::nn {
namespace {

using torch::nn::BatchNorm1d;
using torch::nn::Conv1d;
using torch::nn::Conv1dOptions;
using torch::nn::Dropout;
using torch::nn::DropoutOptions;
using torch::nn::Linear;
using torch::nn::MaxPool1d;
using torch::nn::MaxPool1dOptions;

// A convolution without bias (a normalisation follows) that keeps ceil(L / stride) positions.
Conv1d MakeConv(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
  return Conv1d(Conv1dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

MaxPool1d MakeHalvingPool() { return MaxPool1d(MaxPool1dOptions(3).stride(2).padding(1)); }

}  // namespace

SqueezeExcitationImpl::SqueezeExcitationImpl(std::int64_t channels, std::int64_t reduction) {
  const std::int64_t hidden = std::max<std::int64_t>(
      1, std::llround(static_cast<double>(channels) / static_cast<double>(reduction)));
  squeeze_ = register_module("squeeze", Linear(channels, hidden));
  excite_ = register_module("excite", Linear(hidden, channels));
}

torch::Tensor SqueezeExcitationImpl::forward(const torch::Tensor& x) {
  const torch::Tensor gate = torch::sigmoid(excite_(torch::relu(squeeze_(x.mean(/*dim=*/2)))));
  return x * gate.unsqueeze(2);
}

SeBasicBlockImpl::SeBasicBlockImpl(std::int64_t in, std::int64_t out, bool downsample,
                                   const SeResNetConfig& config) {
  const bool pools = downsample && config.downsampling == Downsampling::kMaxPool;
  const std::int64_t stride = downsample && !pools ? 2 : 1;
  if (pools) pool_ = register_module("pool", MakeHalvingPool());
  conv1_ = register_module("conv1", MakeConv(in, out, config.kernel, stride));
  norm1_ = register_module("norm1", BatchNorm1d(out));
  dropout_ = register_module("dropout", Dropout(DropoutOptions(config.dropout)));
  conv2_ = register_module("conv2", MakeConv(out, out, config.kernel, 1));
  norm2_ = register_module("norm2", BatchNorm1d(out));
  gate_ = register_module("gate", SqueezeExcitation(out, config.reduction));
  if (stride != 1 || in != out) {
    shortcut_ = register_module("shortcut", MakeConv(in, out, 1, stride));
    shortcut_norm_ = register_module("shortcut_norm", BatchNorm1d(out));
  }
}

torch::Tensor SeBasicBlockImpl::forward(torch::Tensor x) {
  if (pool_) x = pool_(x);
  torch::Tensor residual = dropout_(norm1_(conv1_(x)).relu_());
  residual = gate_(norm2_(conv2_(residual)));
  const torch::Tensor shortcut = shortcut_ ? shortcut_norm_(shortcut_(x)) : x;
  return (residual + shortcut).relu_();
}

SeResNetImpl::SeResNetImpl(const SeResNetConfig& config) : config_(config) {
  const bool strided = config.downsampling == Downsampling::kStrided;
  stem_ =
      register_module("stem", MakeConv(config.in_channels, config.width, config.stem_kernel, 2));
  stem_norm_ = register_module("stem_norm", BatchNorm1d(config.width));
  if (strided) stem_pool_ = register_module("stem_pool", MakeHalvingPool());
  std::int64_t in = config.width;
  for (std::size_t s = 0; s < config.blocks.size(); ++s) {
    const std::int64_t out = static_cast<std::int64_t>(config.width) << s;
    torch::nn::Sequential stage;
    for (int b = 0; b < config.blocks[s]; ++b) {
      const bool downsample = b == 0 && !(strided && s == 0);
      stage->push_back(SeBasicBlock(b == 0 ? in : out, out, downsample, config));
    }
    stages_.push_back(register_module("stage" + std::to_string(s + 1), stage));
    in = out;
  }
  head_ = register_module("head", Linear(in, config.classes));
}

torch::Tensor SeResNetImpl::forward(torch::Tensor x) {
  x = stem_norm_(stem_(x)).relu_();
  if (stem_pool_) x = stem_pool_(x);
  for (torch::nn::Sequential& stage : stages_) x = stage->forward(x);
  return head_(x.mean(/*dim=*/2));
}

}  // namespace ecg::nn
