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
                                   const model::SeResNetConfig& config) {
  const bool pools = downsample && config.downsampling == model::Downsampling::kMaxPool;
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

PeakBranchImpl::PeakBranchImpl(std::int64_t channels, const model::SeResNetConfig& config) {
  const data::PeakGrid grid(config.peak_grid, config.blocks.size());
  slots_ = static_cast<std::int64_t>(grid.slots());
  slot_size_ = static_cast<std::int64_t>(grid.slot_size());
  if (config.peak_grid == data::PeakGridKind::kPaper) {
    const std::int64_t hidden = std::max<std::int64_t>(1, channels / 2);
    perceptron_ = register_module("perceptron", Conv1d(Conv1dOptions(channels, hidden, 1)));
    convolution_ = register_module(
        "convolution",
        Conv1d(
            Conv1dOptions(hidden, slots_ * slot_size_, config.kernel).padding(config.kernel / 2)));
    return;
  }
  constexpr std::int64_t kSqueezed = 8;  // channels
  const std::int64_t shrink = std::int64_t{1} << config.blocks.size();
  const std::int64_t length = (config.samples + shrink - 1) / shrink;
  const auto cells =
      static_cast<std::int64_t>(grid.Cells(static_cast<std::size_t>(config.samples)));
  squeeze_ = register_module("squeeze", MakeConv(channels, kSqueezed, 1, 1));
  dropout_ = register_module("dropout", Dropout(DropoutOptions(config.dropout)));
  linear_ = register_module("linear", Linear(kSqueezed * length, cells * slots_ * slot_size_));
}

torch::Tensor PeakBranchImpl::forward(const torch::Tensor& features) {
  torch::Tensor x;
  if (perceptron_) {
    // [N][slots * slot size][cells] -> [N][cells][slots * slot size]
    x = convolution_(perceptron_(features).relu_()).transpose(1, 2);
  } else {
    x = linear_(dropout_(squeeze_(features).flatten(1)));
  }
  // Places within a cell need more digits than bf16 has.
  if (x.scalar_type() == torch::kBFloat16) x = x.to(torch::kFloat32);
  return torch::sigmoid(x).reshape({features.size(0), -1, slots_, slot_size_});
}

SeResNetImpl::SeResNetImpl(const model::SeResNetConfig& config) : config_(config) {
  const bool strided = config.downsampling == model::Downsampling::kStrided;
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
    if (s + 1 == config.blocks.size() && config.DetectsPeaks()) {
      peaks_ = register_module("peaks", PeakBranch(in, config));
    }
    in = out;
  }
  head_ = register_module("head", Linear(in, config.classes));
}

torch::Tensor SeResNetImpl::Features(torch::Tensor x) {
  x = stem_norm_(stem_(x)).relu_();
  if (stem_pool_) x = stem_pool_(x);
  for (std::size_t s = 0; s + 1 < stages_.size(); ++s) x = stages_[s]->forward(x);
  return x;
}

torch::Tensor SeResNetImpl::Classify(const torch::Tensor& features) {
  return head_(stages_.back()->forward(features).mean(/*dim=*/2));
}

torch::Tensor SeResNetImpl::DetectPeaks(const torch::Tensor& features) { return peaks_(features); }

}  // namespace ecg::nn
