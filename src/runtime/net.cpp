#include "src/runtime/net.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/onednn/processor.h"

namespace ecg::runtime {
namespace {

constexpr float kLargestByte = 255;

bool AreFinite(const onednn::ConvolutionWeights& convolution) {
  const auto finite = [](const std::vector<float>& values) {
    return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
  };
  return finite(convolution.weights) && finite(convolution.bias);
}

class Maker {
 public:
  Maker(const Weights& weights, Number number) : weights_(weights), number_(number) {}

  // Of `rows` of input; `norm` of what it gives, whose channels for it begin at `at`.
  onednn::Convolution Convolve(const model::ConvolutionLayer& layer, std::size_t rows,
                               const ScaleAndBias* norm, std::size_t at, bool relu, Number in,
                               Number out, const onednn::ByteScales& scales = {}) {
    const onednn::ConvolutionShape shape{
        static_cast<std::size_t>(layer.in), static_cast<std::size_t>(layer.out),
        static_cast<std::size_t>(layer.kernel), static_cast<std::size_t>(layer.stride), rows};
    const onednn::ConvolutionWeights weights = weights_.Of(layer, norm, at);
    if (in == Number::kUint8 && not_finite_.empty() && !AreFinite(weights))
      not_finite_ = layer.name;
    return {shape, weights, relu, in, out, scales};
  }

  Block MakeBlock(const model::BlockLayout& layout, std::size_t rows, std::size_t channels,
                  const model::ActivationRange* range) {
    Block block;
    Number in = number_;
    onednn::ByteScales first, second;
    if (range != nullptr) {
      in = Number::kUint8;
      first = {range->first / kLargestByte, range->second / kLargestByte};
      second.in = first.out;
      block.bytes = first;
    }
    block.rows_in = rows;
    block.channels_in = channels;
    block.pools = layout.pools;
    rows = block.rows_mixed();
    const ScaleAndBias norm1 = weights_.Of(layout.norm1), norm2 = weights_.Of(layout.norm2);
    std::size_t mixed = rows, at = 0;
    if (layout.mix_by_state) block.mix_by_state.emplace(weights_, *layout.mix_by_state, norm1);
    for (const model::ConvolutionLayer& layer : layout.mix) {
      block.mix.push_back(Convolve(layer, rows, &norm1, at, /*relu=*/true, in, in, first));
      mixed = block.mix.back().shape().rows_out();
      at += static_cast<std::size_t>(layer.out);
    }
    block.conv2 = Convolve(layout.conv2, mixed, &norm2, 0, /*relu=*/false, in, number_, second);
    block.squeeze = weights_.Of(layout.squeeze);
    block.excite = weights_.Of(layout.excite);
    if (layout.shortcut) {
      const ScaleAndBias norm = weights_.Of(*layout.shortcut_norm);
      block.shortcut = Convolve(*layout.shortcut, rows, &norm, 0, /*relu=*/false, number_, number_);
    }
    return block;
  }

  PeakBranch MakePeaks(const model::PeakBranchLayout& layout, std::size_t rows) {
    PeakBranch peaks;
    for (const model::ConvolutionLayer& layer : layout.convolutions) {
      // Places within a cell need more digits than bf16 has.
      const bool last = peaks.convolutions.size() + 1 == layout.convolutions.size();
      peaks.convolutions.push_back(Convolve(layer, rows, nullptr, 0, /*relu=*/!last, number_,
                                            last ? Number::kFp32 : number_));
    }
    if (layout.linear) peaks.linear = weights_.Of(*layout.linear);
    return peaks;
  }

  // The first layer that bytes cannot compute, since they cannot say that something is not finite.
  const std::string& not_finite() const { return not_finite_; }

 private:
  const Weights& weights_;
  const Number number_;
  std::string not_finite_;
};

// Weights that stay in the processor's caches from one window to the next.
constexpr std::size_t kCachedBytes = 6 << 20;
// Rows of the last stage from which the weights are worth fetching, and what features may take.
constexpr std::size_t kRowsTogether = 256;
constexpr std::size_t kBytesTogether = 512 << 10;

}  // namespace

std::size_t Net::WindowsTogether() const {
  const bool are_bytes = stages.front().front().bytes.has_value();
  if (weights * SizeOf(are_bytes ? Number::kUint8 : number) <= kCachedBytes) return 1;
  const std::size_t window = stem->shape().rows_out() * stem->shape().out * SizeOf(number);
  return std::max<std::size_t>(1, std::min(kRowsTogether / rows_out, kBytesTogether / window));
}

Result<Net> Net::Make(const model::SeResNetConfig& config, std::string_view bytes,
                      const std::string& file, Number number,
                      const std::vector<model::ActivationRange>& ranges) {
  const model::NetworkLayout layout = model::LayOut(config);
  // Before anything is made: a small file must not ask for a large network.
  if (model::CountElements(layout) > bytes.size() / 2) {
    return InputError("is too small for the network that model.json describes", file);
  }
  const Result<Weights> weights = Weights::Read(bytes, file, layout);
  if (!weights.ok()) return weights.error();
  const onednn::OneThread one_thread;
  Maker maker(*weights, number);
  Net net;
  net.number = number;
  net.weights = model::CountElements(layout);
  net.channels = static_cast<std::size_t>(config.in_channels);
  net.samples = static_cast<std::size_t>(config.samples);
  const ScaleAndBias stem_norm = weights->Of(layout.stem_norm);
  net.stem = maker.Convolve(layout.stem, net.samples, &stem_norm, 0, /*relu=*/true, number, number);
  net.stem_pools = layout.stem_pools;
  std::size_t rows = net.stem->shape().rows_out(), channels = net.stem->shape().out;
  if (net.stem_pools) rows = (rows + 1) / 2;
  const model::ActivationRange* range = ranges.empty() ? nullptr : ranges.data();
  for (std::size_t s = 0; s < layout.stages.size(); ++s) {
    if (s + 1 == layout.stages.size() && layout.peaks) {
      net.peaks = maker.MakePeaks(*layout.peaks, rows);
    }
    std::vector<Block>& stage = net.stages.emplace_back();
    for (const model::BlockLayout& block : layout.stages[s]) {
      stage.push_back(maker.MakeBlock(block, rows, channels, range));
      if (range != nullptr) ++range;
      rows = stage.back().conv2->shape().rows_out();
      channels = stage.back().conv2->shape().out;
    }
  }
  if (!maker.not_finite().empty()) {
    return InputError("is not finite, so it cannot be computed in int8", file, 0,
                      maker.not_finite());
  }
  net.rows_out = rows;
  net.channels_out = channels;
  net.lead_indicator = config.lead_indicator;
  net.head = weights->Of(layout.head);
  return net;
}

}  // namespace ecg::runtime
