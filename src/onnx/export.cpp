#include "ecg/onnx/export.h"

#include <algorithm>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/data/prepare/peak_grid.h"
#include "ecg/model/network_layout.h"
#include "src/onnx/graph.h"
#include "src/onnx/metadata.h"
#include "src/runtime/weights.h"

namespace ecg::onnx {
namespace {

using model::ConvolutionLayer;
using runtime::ScaleAndBias;

constexpr std::int64_t kFloat = 1;  // a type, as ONNX numbers them
// What Protocol Buffers take at most, and what names, nodes and metadata may need of it.
constexpr std::uint64_t kMaxBytes = (std::uint64_t{1} << 31) - (std::uint64_t{1} << 24);

std::int64_t Halved(std::int64_t rows) { return (rows + 1) / 2; }

std::int64_t StrideOf(const model::BlockLayout& block) {
  return block.mix_by_state ? block.conv2.stride : block.mix.front().stride;
}

// Bytes of all tensors: as the bundle has them, but that a state-space layer becomes a convolution.
std::uint64_t BytesOf(const model::NetworkLayout& layout, std::int64_t samples) {
  std::uint64_t numbers = model::CountElements(layout);
  std::int64_t rows = Halved(samples);
  if (layout.stem_pools) rows = Halved(rows);
  for (const std::vector<model::BlockLayout>& stage : layout.stages) {
    for (const model::BlockLayout& block : stage) {
      if (block.pools) rows = Halved(rows);
      if (block.mix_by_state) {
        numbers += static_cast<std::uint64_t>(2 * rows * block.mix_by_state->channels);
      }
      if (StrideOf(block) > 1) rows = Halved(rows);
    }
  }
  return numbers * sizeof(float);
}

// What each sample of the input adds to the output up to rows - 1 samples earlier and later, as a
// convolution of each channel by itself: float [channels][2 * rows - 1].
std::vector<float> ResponsesOf(const runtime::StateSpaceWeights& layer, std::size_t rows) {
  const std::size_t channels = layer.pass.size(), pairs = layer.step.size() / channels;
  const std::size_t length = 2 * rows - 1, middle = rows - 1;
  std::vector<float> kernel(channels * length);
  std::vector<double> response(length);
  for (std::size_t c = 0; c < channels; ++c) {
    std::fill(response.begin(), response.end(), 0.0);
    response[middle] = layer.pass[c];
    for (std::size_t k = c * pairs; k < (c + 1) * pairs; ++k) {
      // The present sample counts forwards alone, the one after it is the first backwards.
      std::complex<double> state = 1;
      for (std::size_t lag = 0; lag < rows; ++lag, state *= layer.step[k]) {
        response[middle - lag] += (layer.read[0][k] * state).real();
        if (lag + 1 < rows) response[middle + lag + 1] += (layer.read[1][k] * state).real();
      }
    }
    std::transform(response.begin(), response.end(),
                   kernel.begin() + static_cast<std::ptrdiff_t>(c * length),
                   [](double value) { return static_cast<float>(value); });
  }
  return kernel;
}

// Writes a network's nodes. Features are [batch][channels][1][rows]: runtimes are made for images,
// and some compute convolutions over one dimension several times slower. What a layer gives is
// called as the layer, its tensors as in the bundle.
class NetworkWriter {
 public:
  NetworkWriter(const model::SeResNetConfig& config, const runtime::Weights& weights, Graph& graph)
      : config_(config), weights_(weights), graph_(graph) {}

  void Write(const model::NetworkLayout& layout);

 private:
  using Name = std::string;  // of what a node gives

  // `norm` of what it gives is folded in, beginning at channel `at`.
  Name Convolve(const ConvolutionLayer& layer, const Name& x, const ScaleAndBias* norm = nullptr,
                std::size_t at = 0);
  Name Linear(const model::LinearLayer& layer, const Name& x, const Name& name);  // [batch][in]
  Name Pointwise(const model::LinearLayer& layer, const Name& x);  // [batch][in][1][1]
  Name Pool(const Name& x, const Name& name);
  Name Relu(const Name& x) { return graph_.AddNode("Relu", {x}, x + ".relu"); }
  Name Mean(const Name& x) { return graph_.AddNode("GlobalAveragePool", {x}, x + ".mean"); }
  Name Reshape(const Name& x, const Shape& shape, const Name& name) {
    return graph_.AddNode("Reshape", {x, graph_.AddTensor(name + ".shape", shape)}, name);
  }

  Name WriteStates(const model::StateSpaceLayer& layer, const Name& x, const ScaleAndBias& norm);
  Name WriteMix(const model::BlockLayout& block, const Name& x);
  Name WriteBlock(const model::BlockLayout& block, Name x);
  void WritePeaks(const model::PeakBranchLayout& peaks, Name x);
  Name WriteLeads();
  void WriteHead(const model::LinearLayer& head, const Name& x);

  const model::SeResNetConfig& config_;
  const runtime::Weights& weights_;
  Graph& graph_;
  std::int64_t rows_ = 0;
};

NetworkWriter::Name NetworkWriter::Convolve(const ConvolutionLayer& layer, const Name& x,
                                            const ScaleAndBias* norm, std::size_t at) {
  const onednn::ConvolutionWeights weights = weights_.Of(layer, norm, at);
  const std::int64_t half = layer.kernel / 2;
  return graph_.AddNode("Conv",
                        {x,
                         graph_.AddTensor(layer.name + ".weight",
                                          {layer.out, layer.in, 1, layer.kernel}, weights.weights),
                         graph_.AddTensor(layer.name + ".bias", {layer.out}, weights.bias)},
                        layer.name,
                        {{"kernel_shape", {1, layer.kernel}},
                         {"strides", {1, layer.stride}},
                         {"pads", {0, half, 0, half}}});
}

NetworkWriter::Name NetworkWriter::Linear(const model::LinearLayer& layer, const Name& x,
                                          const Name& name) {
  return graph_.AddNode(
      "Gemm",
      {x,
       graph_.AddTensor(layer.name + ".weight", {layer.out, layer.in},
                        weights_.Of(layer.name + ".weight")),
       graph_.AddTensor(layer.name + ".bias", {layer.out}, weights_.Of(layer.name + ".bias"))},
      name, {{"transB", 1}});
}

NetworkWriter::Name NetworkWriter::Pointwise(const model::LinearLayer& layer, const Name& x) {
  return graph_.AddNode(
      "Conv",
      {x,
       graph_.AddTensor(layer.name + ".weight", {layer.out, layer.in, 1, 1},
                        weights_.Of(layer.name + ".weight")),
       graph_.AddTensor(layer.name + ".bias", {layer.out}, weights_.Of(layer.name + ".bias"))},
      layer.name, {{"kernel_shape", {1, 1}}});
}

NetworkWriter::Name NetworkWriter::Pool(const Name& x, const Name& name) {
  rows_ = Halved(rows_);
  return graph_.AddNode("MaxPool", {x}, name,
                        {{"kernel_shape", {1, 3}}, {"strides", {1, 2}}, {"pads", {0, 1, 0, 1}}});
}

NetworkWriter::Name NetworkWriter::WriteStates(const model::StateSpaceLayer& layer, const Name& x,
                                               const ScaleAndBias& norm) {
  const runtime::StateSpaceWeights weights = weights_.Of(layer, norm);
  const std::vector<float> bias(weights.bias.begin(), weights.bias.end());
  const std::int64_t length = 2 * rows_ - 1, pad = rows_ - 1;
  return graph_.AddNode(
      "Conv",
      {x,
       graph_.AddTensor(layer.name + ".weight", {layer.channels, 1, 1, length},
                        ResponsesOf(weights, static_cast<std::size_t>(rows_))),
       graph_.AddTensor(layer.name + ".bias", {layer.channels}, bias)},
      layer.name,
      {{"kernel_shape", {1, length}}, {"pads", {0, pad, 0, pad}}, {"group", layer.channels}});
}

// The block's first layer with its normalisation and relu.
NetworkWriter::Name NetworkWriter::WriteMix(const model::BlockLayout& block, const Name& x) {
  const ScaleAndBias norm = weights_.Of(block.norm1);
  if (block.mix_by_state) return Relu(WriteStates(*block.mix_by_state, x, norm));
  std::vector<Name> parts;
  std::size_t at = 0;
  for (const ConvolutionLayer& layer : block.mix) {
    parts.push_back(Convolve(layer, x, &norm, at));
    at += static_cast<std::size_t>(layer.out);
  }
  if (parts.size() == 1) return Relu(parts[0]);
  return Relu(graph_.AddNode("Concat", parts, block.norm1.name, {{"axis", 1}}));
}

NetworkWriter::Name NetworkWriter::WriteBlock(const model::BlockLayout& block, Name x) {
  const Name name = block.conv2.name.substr(0, block.conv2.name.rfind('.'));
  if (block.pools) x = Pool(x, name + ".pool");
  const ScaleAndBias norm2 = weights_.Of(block.norm2);
  const Name made = Convolve(block.conv2, WriteMix(block, x), &norm2);
  const Name squeezed = Relu(Pointwise(block.squeeze, Mean(made)));
  const Name gate = graph_.AddNode("Sigmoid", {Pointwise(block.excite, squeezed)}, name + ".gate");
  const Name gated = graph_.AddNode("Mul", {made, gate}, name + ".gated");
  Name shortcut = x;
  if (block.shortcut) {
    const ScaleAndBias norm = weights_.Of(*block.shortcut_norm);
    shortcut = Convolve(*block.shortcut, x, &norm);
  }
  if (StrideOf(block) > 1) rows_ = Halved(rows_);
  return Relu(graph_.AddNode("Add", {gated, shortcut}, name + ".sum"));
}

void NetworkWriter::WritePeaks(const model::PeakBranchLayout& peaks, Name x) {
  const data::PeakGrid grid(config_.peak_grid, config_.blocks.size());
  const auto cells =
      static_cast<std::int64_t>(grid.Cells(static_cast<std::size_t>(config_.samples)));
  const auto slots = static_cast<std::int64_t>(grid.slots());
  const auto slot_size = static_cast<std::int64_t>(grid.slot_size());
  for (const ConvolutionLayer& layer : peaks.convolutions) {
    x = Convolve(layer, x);
    if (&layer != &peaks.convolutions.back()) x = Relu(x);
  }
  if (peaks.linear) {
    x = Linear(*peaks.linear, graph_.AddNode("Flatten", {x}, x + ".flat", {{"axis", 1}}),
               peaks.linear->name);
  } else {  // numbers of a cell are channels: [batch][numbers][1][cells]
    x = graph_.AddNode("Transpose", {x}, x + ".cells", {{"perm", {0, 3, 1, 2}}});
  }
  x = Reshape(x, {0, cells, slots, slot_size}, "peaks.grid");
  graph_.AddOutput(
      graph_.AddNode("Sigmoid", {x}, kPeaks), {cells, slots, slot_size},
      "Slots for peaks in the cells of a window, each its confidence, the peak's place "
      "within the cell and its type.");
}

// 1 for each channel that holds anything: [batch][channels].
NetworkWriter::Name NetworkWriter::WriteLeads() {
  const Name zero = graph_.AddTensor("leads.zero", {1}, std::vector<float>{0.0F});
  const Name flat = graph_.AddNode("Equal", {kInput, zero}, "leads.is_zero");
  const Name holds = graph_.AddNode("Not", {flat}, "leads.holds");
  const Name number = graph_.AddNode("Cast", {holds}, "leads.number", {{"to", kFloat}});
  return graph_.AddNode("ReduceMax", {number}, "leads", {{"axes", Shape{2}}, {"keepdims", 0}});
}

void NetworkWriter::WriteHead(const model::LinearLayer& head, const Name& x) {
  Name means = graph_.AddNode("Flatten", {Mean(x)}, "means", {{"axis", 1}});
  if (config_.lead_indicator) {
    means = graph_.AddNode("Concat", {means, WriteLeads()}, "means_and_leads", {{"axis", 1}});
  }
  graph_.AddNode("Sigmoid", {Linear(head, means, "logits")}, kProbabilities);
}

void NetworkWriter::Write(const model::NetworkLayout& layout) {
  rows_ = config_.samples;
  Name x = graph_.AddNode("Unsqueeze", {kInput, graph_.AddTensor("height", Shape{2})}, "signal");
  const ScaleAndBias norm = weights_.Of(layout.stem_norm);
  x = Relu(Convolve(layout.stem, x, &norm));
  rows_ = Halved(rows_);
  if (layout.stem_pools) x = Pool(x, "stem.pool");
  for (const std::vector<model::BlockLayout>& stage : layout.stages) {
    if (&stage == &layout.stages.back() && layout.peaks) WritePeaks(*layout.peaks, x);
    for (const model::BlockLayout& block : stage) x = WriteBlock(block, x);
  }
  WriteHead(layout.head, x);
}

}  // namespace

Result<std::string> Export(const model::Bundle& bundle, const model::EnsembleInfo* ensemble) {
  const model::SeResNetConfig& config = bundle.info.architecture;
  const model::NetworkLayout layout = model::LayOut(config);
  const Result<runtime::Weights> weights =
      runtime::Weights::Read(bundle.weights, bundle.path, layout);
  if (!weights.ok()) return weights.error();
  if (BytesOf(layout, config.samples) > kMaxBytes) {
    return UsageError("is a network of more than the 2 GiB that an ONNX file may have",
                      bundle.path);
  }
  Graph graph("ecg");
  graph.AddInput(kInput, {config.in_channels, config.samples}, DescribeInput(bundle.info));
  graph.AddOutput(kProbabilities, {config.classes}, DescribeOutput(bundle.info));
  NetworkWriter(config, *weights, graph).Write(layout);
  return graph.ToModel(
      "Classifies windows of an ECG; ecg.input and ecg.output in the metadata say "
      "how.",
      kOpset, MetadataOf(bundle, ensemble));
}

}  // namespace ecg::onnx
