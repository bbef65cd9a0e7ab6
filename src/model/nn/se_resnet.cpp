#include "ecg/model/nn/se_resnet.h"

#include <algorithm>
#include <string>

#include "src/model/nn/convolve.h"
#include "src/model/nn/epilogue.h"

namespace ecg::nn {
namespace {

using torch::nn::Conv1d;
using torch::nn::Conv1dOptions;
using torch::nn::Linear;

// Keeps ceil(L / stride) positions. Its weights lie in memory as its features do, with the input
// channels of a position together: otherwise LibTorch turns them round, and their gradients back,
// in every pass.
Conv1d MakeConv(const model::ConvolutionLayer& layer) {
  Conv1d made(Conv1dOptions(layer.in, layer.out, layer.kernel)
                  .stride(layer.stride)
                  .padding(layer.kernel / 2)
                  .bias(layer.bias));
  made->weight.set_data(made->weight.detach().transpose(1, 2).contiguous().transpose(1, 2));
  return made;
}

Linear MakeLinear(const model::LinearLayer& layer) { return Linear(layer.in, layer.out); }

// What a layer is called within what it lies in: "conv1" of "stage1.0.conv1".
std::string OwnName(const std::string& name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

NormImpl::NormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones({channels}))),
      bias(register_parameter("bias", torch::zeros({channels}))),
      running_mean(register_buffer("running_mean", torch::zeros({channels}))),
      running_var(register_buffer("running_var", torch::ones({channels}))),
      num_batches_tracked(register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64))) {
}

SqueezeExcitationImpl::SqueezeExcitationImpl(const model::LinearLayer& squeeze,
                                             const model::LinearLayer& excite)
    : squeeze_(register_module(OwnName(squeeze.name), MakeLinear(squeeze))),
      excite_(register_module(OwnName(excite.name), MakeLinear(excite))) {}

torch::Tensor SqueezeExcitationImpl::forward(const torch::Tensor& means) {
  return torch::sigmoid(excite_(torch::relu(squeeze_(means))));
}

SeBasicBlockImpl::SeBasicBlockImpl(const model::BlockLayout& layout, double dropout)
    : pools_(layout.pools), dropout_(dropout) {
  const auto convolution = [this](const model::ConvolutionLayer& layer) {
    return register_module(OwnName(layer.name), MakeConv(layer));
  };
  const auto norm = [this](const model::NormLayer& layer) {
    return register_module(OwnName(layer.name), Norm(layer.channels));
  };
  if (const auto& layer = layout.mix_by_state) {
    state_space_ =
        register_module(OwnName(layer->name), StateSpace(layer->channels, 2 * layer->pairs));
  }
  for (const model::ConvolutionLayer& layer : layout.mix) conv1_.push_back(convolution(layer));
  norm1_ = norm(layout.norm1);
  conv2_ = convolution(layout.conv2);
  norm2_ = norm(layout.norm2);
  gate_ = register_module("gate", SqueezeExcitation(layout.squeeze, layout.excite));
  if (layout.shortcut) shortcut_ = convolution(*layout.shortcut);
  if (layout.shortcut_norm) shortcut_norm_ = norm(*layout.shortcut_norm);
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

PeakBranchImpl::PeakBranchImpl(const model::PeakBranchLayout& layout,
                               const model::SeResNetConfig& config) {
  const data::PeakGrid grid(config.peak_grid, config.blocks.size());
  slots_ = static_cast<std::int64_t>(grid.slots());
  slot_size_ = static_cast<std::int64_t>(grid.slot_size());
  const auto convolution = [&](std::size_t i) {
    const model::ConvolutionLayer& layer = layout.convolutions[i];
    return register_module(OwnName(layer.name), MakeConv(layer));
  };
  if (!layout.linear) {
    perceptron_ = convolution(0);
    convolution_ = convolution(1);
    return;
  }
  squeeze_ = convolution(0);
  dropout_ = config.dropout;
  linear_ = register_module(OwnName(layout.linear->name), MakeLinear(*layout.linear));
}

torch::Tensor PeakBranchImpl::forward(const torch::Tensor& features) {
  torch::Tensor x;
  if (perceptron_) {
    // [N][slots * slot size][1][cells] -> [N][cells][slots * slot size]
    x = Convolve(convolution_, Convolve(perceptron_, features).relu_()).squeeze(2).transpose(1, 2);
  } else {
    x = Convolve(squeeze_, features).flatten(1);
    if (is_training()) x = TrainingPass::Current().DropOut(x, dropout_);
    x = linear_(x);
  }
  // Places within a cell need more digits than bf16 has.
  if (x.scalar_type() == torch::kBFloat16) x = x.to(torch::kFloat32);
  return x.reshape({features.size(0), -1, slots_, slot_size_});
}

SeResNetImpl::SeResNetImpl(const model::SeResNetConfig& config) : config_(config) {
  const model::NetworkLayout layout = model::LayOut(config);
  stem_ = register_module(layout.stem.name, MakeConv(layout.stem));
  stem_norm_ = register_module(layout.stem_norm.name, Norm(layout.stem_norm.channels));
  for (const std::vector<model::BlockLayout>& blocks : layout.stages) {
    torch::nn::Sequential stage;
    for (const model::BlockLayout& block : blocks) {
      stage->push_back(SeBasicBlock(block, config.dropout));
    }
    stages_.push_back(register_module("stage" + std::to_string(stages_.size() + 1), stage));
  }
  if (layout.peaks) peaks_ = register_module("peaks", PeakBranch(*layout.peaks, config));
  head_ = register_module(layout.head.name, MakeLinear(layout.head));
  for (const auto& module : modules(/*include_self=*/false)) {
    if (auto norm = std::dynamic_pointer_cast<NormImpl>(module)) norms_.push_back(std::move(norm));
  }
}

void SeResNetImpl::FreezeBody() {
  frozen_ = true;
  const auto freeze = [](torch::nn::Module& module) {
    for (torch::Tensor& parameter : module.parameters()) parameter.set_requires_grad(false);
  };
  freeze(*stem_);
  freeze(*stem_norm_);
  for (auto& stage : stages_) freeze(*stage);
  train(is_training());
}

void SeResNetImpl::train(bool on) {
  torch::nn::Module::train(on);
  if (!frozen_) return;
  for (auto& stage : stages_) stage->train(false);
}

std::size_t SeResNetImpl::CountStatistics() const {
  std::size_t count = norms_.size();
  for (const auto& norm : norms_) count += 2 * static_cast<std::size_t>(norm->weight.size(0));
  return count;
}

// First a 1 for each normalisation that saw a batch, then the means and variances of all of them.
std::vector<double> SeResNetImpl::StatisticsOf(const TrainingPass& pass) const {
  std::vector<double> all(CountStatistics(), 0);
  std::size_t at = norms_.size();
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    if (const std::vector<double>* own = pass.StatisticsOf(*norms_[i])) {
      all[i] = 1;
      std::copy(own->begin(), own->end(), all.begin() + static_cast<std::ptrdiff_t>(at));
    }
    at += 2 * static_cast<std::size_t>(norms_[i]->weight.size(0));
  }
  return all;
}

void SeResNetImpl::MoveStatistics(const double* statistics) {
  const torch::NoGradGuard no_grad;
  const double* by = statistics + norms_.size();
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    NormImpl& norm = *norms_[i];
    for (torch::Tensor* running : {&norm.running_mean, &norm.running_var}) {
      const std::int64_t channels = running->size(0);
      if (statistics[i] != 0) {
        torch::Tensor moved = running->to(torch::kFloat64).cpu();
        double* values = moved.data_ptr<double>();
        for (std::int64_t c = 0; c < channels; ++c) {
          values[c] += NormImpl::kMomentum * (by[c] - values[c]);
        }
        running->copy_(moved);
      }
      by += channels;
    }
    if (statistics[i] != 0) norm.num_batches_tracked.add_(1);
  }
}

torch::Tensor SeResNetImpl::Features(torch::Tensor x) {
  EpilogueParts stem;
  stem.norm = stem_norm_;
  stem.training = is_training() && !frozen_;
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

}  // namespace ecg::nn
