#include "ecg/model/network_layout.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace ecg::model {
namespace {

// Down-sampling by stride where it is not by pooling.
constexpr std::int64_t kStride = 2;
// Numbers for each of a state-space layer's input, by Fourier transforms of twice to four times the
// length.
constexpr double kTransforms = 20;

// Channels as convolutions take them: in blocks, of which the last one is filled up.
double Filled(std::int64_t channels) {
  constexpr std::int64_t kBlock = 16;
  return static_cast<double>((channels + kBlock - 1) / kBlock * kBlock);
}

// The part of `channels` that number `part` of several convolutions side by side gets.
std::int64_t ShareOf(std::int64_t channels, std::int64_t parts, std::int64_t part) {
  return channels * (part + 1) / parts - channels * part / parts;
}

BlockLayout LayOutBlock(const std::string& name, std::int64_t in, std::int64_t out, bool downsample,
                        const SeResNetConfig& config) {
  const std::string prefix = name + ".";
  BlockLayout block;
  block.pools = downsample && config.downsampling == Downsampling::kMaxPool;
  const std::int64_t stride = downsample && !block.pools ? kStride : 1;
  // A state-space layer has as many channels as it sees and leaves the length to conv2.
  const bool by_state = config.states > 0;
  const std::int64_t inner = by_state ? in : out;
  if (by_state) {
    block.mix_by_state = StateSpaceLayer{prefix + "state_space", in, config.states / 2};
  } else {
    std::vector<int> kernels = {config.kernel};
    kernels.insert(kernels.end(), config.scales.begin(), config.scales.end());
    const auto parts = static_cast<std::int64_t>(kernels.size());
    for (std::int64_t k = 0; k < parts; ++k) {
      const std::string scale = k == 0 ? "" : "_scale" + std::to_string(k);
      block.mix.push_back({prefix + "conv1" + scale, in, ShareOf(out, parts, k),
                           kernels[static_cast<std::size_t>(k)], stride});
    }
  }
  block.norm1 = {prefix + "norm1", inner};
  block.conv2 = {prefix + "conv2", inner, out, config.kernel, by_state ? stride : 1};
  block.norm2 = {prefix + "norm2", out};
  const std::int64_t hidden = std::max<std::int64_t>(
      1, std::llround(static_cast<double>(out) / static_cast<double>(config.reduction)));
  block.squeeze = {prefix + "gate.squeeze", out, hidden};
  block.excite = {prefix + "gate.excite", hidden, out};
  if (stride != 1 || in != out) {
    block.shortcut = ConvolutionLayer{prefix + "shortcut", in, out, 1, stride};
    block.shortcut_norm = NormLayer{prefix + "shortcut_norm", out};
  }
  return block;
}

PeakBranchLayout LayOutPeaks(std::int64_t channels, const SeResNetConfig& config) {
  const data::PeakGrid grid(config.peak_grid, config.blocks.size());
  const auto of_cell = static_cast<std::int64_t>(grid.slots() * grid.slot_size());
  PeakBranchLayout peaks;
  if (config.peak_grid == data::PeakGridKind::kPaper) {
    const std::int64_t hidden = std::max<std::int64_t>(1, channels / 2);
    peaks.convolutions = {{"peaks.perceptron", channels, hidden, 1, 1, /*bias=*/true},
                          {"peaks.convolution", hidden, of_cell, config.kernel, 1, /*bias=*/true}};
    return peaks;
  }
  constexpr std::int64_t kSqueezed = 8;  // channels
  const std::int64_t shrink = std::int64_t{1} << config.blocks.size();
  const std::int64_t length = (config.samples + shrink - 1) / shrink;
  const auto cells =
      static_cast<std::int64_t>(grid.Cells(static_cast<std::size_t>(config.samples)));
  peaks.convolutions = {{"peaks.squeeze", channels, kSqueezed, 1, 1}};
  peaks.linear = LinearLayer{"peaks.linear", kSqueezed * length, cells * of_cell};
  return peaks;
}

// The tensors of layers as they come: learnt ones in `learnt`, statistics in `statistics`.
struct Tensors {
  std::vector<TensorInfo> learnt, statistics;

  void Add(const ConvolutionLayer& layer) {
    learnt.push_back({layer.name + ".weight", "F32", {layer.out, layer.in, layer.kernel}});
    if (layer.bias) learnt.push_back({layer.name + ".bias", "F32", {layer.out}});
  }
  void Add(const LinearLayer& layer) {
    learnt.push_back({layer.name + ".weight", "F32", {layer.out, layer.in}});
    learnt.push_back({layer.name + ".bias", "F32", {layer.out}});
  }
  void Add(const NormLayer& layer) {
    for (const char* part : {".weight", ".bias"}) {
      learnt.push_back({layer.name + part, "F32", {layer.channels}});
    }
    for (const char* part : {".running_mean", ".running_var"}) {
      statistics.push_back({layer.name + part, "F32", {layer.channels}});
    }
    statistics.push_back({layer.name + ".num_batches_tracked", "I64", {}});
  }
  void Add(const StateSpaceLayer& layer) {
    const std::int64_t channels = layer.channels, pairs = layer.pairs;
    learnt.push_back({layer.name + ".log_step", "F32", {channels}});
    learnt.push_back({layer.name + ".log_decay", "F32", {channels, pairs}});
    learnt.push_back({layer.name + ".frequency", "F32", {channels, pairs}});
    learnt.push_back({layer.name + ".read_out", "F32", {2, channels, pairs, 2}});
    learnt.push_back({layer.name + ".pass", "F32", {channels}});
  }
  void Add(const BlockLayout& block) {
    if (block.mix_by_state) Add(*block.mix_by_state);
    for (const ConvolutionLayer& layer : block.mix) Add(layer);
    Add(block.norm1);
    Add(block.conv2);
    Add(block.norm2);
    Add(block.squeeze);
    Add(block.excite);
    if (block.shortcut) Add(*block.shortcut);
    if (block.shortcut_norm) Add(*block.shortcut_norm);
  }
};

}  // namespace

NetworkLayout LayOut(const SeResNetConfig& config) {
  const bool strided = config.downsampling == Downsampling::kStrided;
  NetworkLayout layout;
  layout.stem = {"stem", config.in_channels, config.width, config.stem_kernel, kStride};
  layout.stem_norm = {"stem_norm", config.width};
  layout.stem_pools = strided;
  std::int64_t in = config.width;
  for (std::size_t s = 0; s < config.blocks.size(); ++s) {
    const std::int64_t out = static_cast<std::int64_t>(config.width) << s;
    std::vector<BlockLayout>& stage = layout.stages.emplace_back();
    for (int b = 0; b < config.blocks[s]; ++b) {
      const bool downsample = b == 0 && !(strided && s == 0);
      stage.push_back(LayOutBlock("stage" + std::to_string(s + 1) + "." + std::to_string(b),
                                  b == 0 ? in : out, out, downsample, config));
    }
    if (s + 1 == config.blocks.size() && config.DetectsPeaks()) {
      layout.peaks = LayOutPeaks(in, config);
    }
    in = out;
  }
  layout.head = {"head", config.lead_indicator ? in + config.in_channels : in, config.classes};
  return layout;
}

std::uint64_t TensorInfo::Elements() const {
  return std::accumulate(
      shape.begin(), shape.end(), std::uint64_t{1},
      [](std::uint64_t all, std::int64_t size) { return all * static_cast<std::uint64_t>(size); });
}

std::uint64_t CountElements(const NetworkLayout& layout) {
  std::uint64_t sum = 0;
  for (const TensorInfo& tensor : TensorsOf(layout)) sum += tensor.Elements();
  return sum;
}

WindowCost CostOfWindow(const SeResNetConfig& config) {
  const NetworkLayout layout = LayOut(config);
  WindowCost cost;
  const auto add = [&cost](double numbers) {
    cost.at_once = std::max(cost.at_once, numbers * sizeof(float));
    cost.all += numbers * sizeof(float);
  };
  double length = static_cast<double>(config.samples);
  // The signal as it comes, with its channels beside each other, and filled up.
  add(length * (2 * static_cast<double>(config.in_channels) + Filled(config.in_channels) +
                2 * Filled(config.width) / static_cast<double>(kStride)));
  length /= static_cast<double>(layout.stem_pools ? kStride * kStride : kStride);
  for (const std::vector<BlockLayout>& stage : layout.stages) {
    for (const BlockLayout& block : stage) {
      const double before = length;
      if (block.pools || block.conv2.stride > 1 ||
          (!block.mix.empty() && block.mix[0].stride > 1)) {
        length /= static_cast<double>(kStride);
      }
      const double in = Filled(block.mix_by_state ? block.mix_by_state->channels : block.mix[0].in);
      const double out = Filled(block.conv2.out);
      // Input, pooled input, what is mixed, what comes of it and of the shortcut.
      double numbers = before * in + length * (in + Filled(block.conv2.in) + 2 * out);
      if (block.mix_by_state) numbers += kTransforms * before * in;
      add(numbers);
    }
  }
  return cost;
}

std::vector<TensorInfo> TensorsOf(const NetworkLayout& layout) {
  Tensors tensors;
  tensors.Add(layout.stem);
  tensors.Add(layout.stem_norm);
  for (const std::vector<BlockLayout>& stage : layout.stages) {
    for (const BlockLayout& block : stage) tensors.Add(block);
  }
  if (layout.peaks) {
    for (const ConvolutionLayer& layer : layout.peaks->convolutions) tensors.Add(layer);
    if (layout.peaks->linear) tensors.Add(*layout.peaks->linear);
  }
  tensors.Add(layout.head);
  tensors.learnt.insert(tensors.learnt.end(), tensors.statistics.begin(), tensors.statistics.end());
  return tensors.learnt;
}

}  // namespace ecg::model
