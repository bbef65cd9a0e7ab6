#include "ecg/model/nn/se_resnet.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "src/model/nn/epilogue.h"

namespace ecg::nn {
namespace {

using torch::nn::Conv1d;
using torch::nn::Conv1dOptions;
using torch::nn::Dropout;
using torch::nn::DropoutOptions;
using torch::nn::Linear;

// A convolution without bias (a normalisation follows) that keeps ceil(L / stride) positions.
Conv1d MakeConv(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
  return Conv1d(Conv1dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

// Over features [N][C][1][L].
torch::Tensor Convolve(const Conv1d& layer, const torch::Tensor& x) {
  const auto& options = layer->options;
  const std::int64_t pad = (options.kernel_size()->at(0)) / 2;
  const std::int64_t strides[] = {1, options.stride()->at(0)};
  const std::int64_t pads[] = {0, pad};
  return torch::conv2d(x, layer->weight.unsqueeze(2), layer->bias, torch::IntArrayRef(strides),
                       torch::IntArrayRef(pads));
}

}  // namespace

NormImpl::NormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones({channels}))),
      bias(register_parameter("bias", torch::zeros({channels}))),
      running_mean(register_buffer("running_mean", torch::zeros({channels}))),
      running_var(register_buffer("running_var", torch::ones({channels}))),
      num_batches_tracked(register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64))) {
}

SqueezeExcitationImpl::SqueezeExcitationImpl(std::int64_t channels, std::int64_t reduction) {
  const std::int64_t hidden = std::max<std::int64_t>(
      1, std::llround(static_cast<double>(channels) / static_cast<double>(reduction)));
  squeeze_ = register_module("squeeze", Linear(channels, hidden));
  excite_ = register_module("excite", Linear(hidden, channels));
}

torch::Tensor SqueezeExcitationImpl::forward(const torch::Tensor& means) {
  return torch::sigmoid(excite_(torch::relu(squeeze_(means))));
}

SeBasicBlockImpl::SeBasicBlockImpl(std::int64_t in, std::int64_t out, bool downsample,
                                   const model::SeResNetConfig& config) {
  pools_ = downsample && config.downsampling == model::Downsampling::kMaxPool;
  const std::int64_t stride = downsample && !pools_ ? 2 : 1;
  dropout_ = config.dropout;
  // A state-space layer has as many channels as it sees and leaves the length to conv2.
  const bool mixes_by_states = config.states > 0;
  const std::int64_t inner = mixes_by_states ? in : out;
  if (mixes_by_states) {
    state_space_ = register_module("state_space", StateSpace(in, config.states));
  } else {
    const std::vector<int> kernels = config.Kernels();
    const auto parts = static_cast<std::int64_t>(kernels.size());
    for (std::int64_t k = 0; k < parts; ++k) {
      const std::string name = k == 0 ? "conv1" : "conv1_scale" + std::to_string(k);
      conv1_.push_back(
          register_module(name, MakeConv(in, model::SeResNetConfig::ShareOf(out, parts, k),
                                         kernels[static_cast<std::size_t>(k)], stride)));
    }
  }
  norm1_ = register_module("norm1", Norm(inner));
  conv2_ =
      register_module("conv2", MakeConv(inner, out, config.kernel, mixes_by_states ? stride : 1));
  norm2_ = register_module("norm2", Norm(out));
  gate_ = register_module("gate", SqueezeExcitation(out, config.reduction));
  if (stride != 1 || in != out) {
    shortcut_ = register_module("shortcut", MakeConv(in, out, 1, stride));
    shortcut_norm_ = register_module("shortcut_norm", Norm(out));
  }
}

torch::Tensor SeBasicBlockImpl::MixInTime(const torch::Tensor& x) {
  if (state_space_) return state_space_(x);
  if (conv1_.size() == 1) return Convolve(conv1_.front(), x);
  std::vector<torch::Tensor> parts;
  for (const Conv1d& layer : conv1_) parts.push_back(Convolve(layer, x));
  return torch::cat(parts, 1);
}

torch::Tensor SeBasicBlockImpl::forward(torch::Tensor x) {
  if (pools_) x = HalveByMaxPool(x);
  EpilogueParts inner;
  inner.norm = norm1_;
  inner.dropout = dropout_;
  inner.training = is_training();
  EpilogueParts outer;
  outer.norm = norm2_;
  outer.gate = gate_;
  outer.shortcut = shortcut_ ? Convolve(shortcut_, x) : x;
  outer.shortcut_norm = shortcut_norm_;
  outer.training = is_training();
  return SumChannels(Convolve(conv2_, SumChannels(MixInTime(x), inner)), outer);
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
    // [N][slots * slot size][1][cells] -> [N][cells][slots * slot size]
    x = Convolve(convolution_, Convolve(perceptron_, features).relu_()).squeeze(2).transpose(1, 2);
  } else {
    x = linear_(dropout_(Convolve(squeeze_, features).flatten(1)));
  }
  // Places within a cell need more digits than bf16 has.
  if (x.scalar_type() == torch::kBFloat16) x = x.to(torch::kFloat32);
  return torch::sigmoid(x).reshape({features.size(0), -1, slots_, slot_size_});
}

SeResNetImpl::SeResNetImpl(const model::SeResNetConfig& config) : config_(config) {
  const bool strided = config.downsampling == model::Downsampling::kStrided;
  stem_ =
      register_module("stem", MakeConv(config.in_channels, config.width, config.stem_kernel, 2));
  stem_norm_ = register_module("stem_norm", Norm(config.width));
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
  head_ = register_module(
      "head", Linear(config.lead_indicator ? in + config.in_channels : in, config.classes));
  for (const auto& module : modules(/*include_self=*/false)) {
    if (auto norm = std::dynamic_pointer_cast<NormImpl>(module)) norms_.push_back(std::move(norm));
  }
}

// First a 1 for each normalisation that saw a batch, then the means and variances of all of them.
torch::Tensor SeResNetImpl::TakeStatistics() {
  const torch::Tensor saw =
      torch::zeros({static_cast<std::int64_t>(norms_.size())}, torch::kFloat64);
  std::vector<torch::Tensor> parts;
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    NormImpl& norm = *norms_[i];
    if (norm.batch.defined()) saw.data_ptr<double>()[i] = 1;
    parts.push_back(norm.batch.defined()
                        ? norm.batch.flatten()
                        : torch::zeros({2 * norm.weight.size(0)},
                                       norm.weight.options().dtype(torch::kFloat64)));
    norm.batch.reset();
  }
  return torch::cat({saw, torch::cat(parts).cpu()});  // one copy, where they lie on a GPU
}

void SeResNetImpl::MoveStatistics(const torch::Tensor& statistics) {
  const torch::NoGradGuard no_grad;
  const double* saw = statistics.data_ptr<double>();
  const torch::Tensor all = (statistics * NormImpl::kMomentum).to(norms_.front()->weight.device());
  auto at = static_cast<std::int64_t>(norms_.size());
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    NormImpl& norm = *norms_[i];
    for (torch::Tensor* running : {&norm.running_mean, &norm.running_var}) {
      const torch::Tensor by = all.slice(0, at, at + running->size(0));
      at += running->size(0);
      if (saw[i] != 0) running->mul_(1 - NormImpl::kMomentum).add_(by.to(running->scalar_type()));
    }
    if (saw[i] != 0) norm.num_batches_tracked.add_(1);
  }
}

torch::Tensor SeResNetImpl::Features(torch::Tensor x) {
  EpilogueParts stem;
  stem.norm = stem_norm_;
  stem.training = is_training();
  x = x.unsqueeze(2).contiguous(torch::MemoryFormat::ChannelsLast);
  x = SumChannels(Convolve(stem_, x), stem);
  if (config_.downsampling == model::Downsampling::kStrided) x = HalveByMaxPool(x);
  for (std::size_t s = 0; s + 1 < stages_.size(); ++s) x = stages_[s]->forward(x);
  return x;
}

torch::Tensor SeResNetImpl::Classify(const torch::Tensor& features, const torch::Tensor& x) {
  torch::Tensor means = stages_.back()->forward(features).mean({2, 3});
  if (config_.lead_indicator) {
    means = torch::cat({means, (x != 0).any(/*dim=*/2).to(means.scalar_type())}, 1);
  }
  return head_(means);
}

torch::Tensor SeResNetImpl::DetectPeaks(const torch::Tensor& features) { return peaks_(features); }

}  // namespace ecg::nn
