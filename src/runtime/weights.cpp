#include "src/runtime/weights.h"

#include <cmath>
#include <cstring>
#include <utility>

#include "src/record/half.h"

namespace ecg::runtime {
namespace {

constexpr double kEpsilon = 1e-5;  // of normalisation, as PyTorch has it

std::string Describe(const std::string& dtype, const std::vector<std::int64_t>& shape) {
  std::string text = dtype + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace

Result<Weights> Weights::Read(std::string_view bytes, const std::string& file,
                              const model::NetworkLayout& layout) {
  Result<std::vector<model::TensorView>> views = model::ParseSafetensors(bytes, file);
  if (!views.ok()) return views.error();
  const std::vector<model::TensorInfo> expected = model::TensorsOf(layout);
  if (views->size() != expected.size()) {
    return InputError("does not hold the tensors of this network", file);
  }
  Weights weights;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const model::TensorInfo& info = expected[i];
    model::TensorView& view = (*views)[i];
    if (view.name != info.name) {
      return InputError("stands where " + info.name + " must be", file, 0, view.name);
    }
    const bool is_half = info.dtype == "F32" && view.dtype == "F16";
    if (view.shape != info.shape || (view.dtype != info.dtype && !is_half)) {
      return InputError("is " + Describe(view.dtype, view.shape) + " instead of " +
                            Describe(info.dtype, info.shape),
                        file, 0, info.name);
    }
    weights.tensors_.emplace(info.name, std::move(view));
  }
  return weights;
}

std::vector<float> Weights::Of(const std::string& name) const {
  const model::TensorView& tensor = tensors_.at(name);
  const bool is_half = tensor.dtype == "F16";
  std::vector<float> values(tensor.bytes.size() / (is_half ? 2 : 4));
  if (!is_half) {
    if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    return values;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint16_t half;
    std::memcpy(&half, tensor.bytes.data() + 2 * i, sizeof half);
    values[i] = record::HalfToFloat(half);
  }
  return values;
}

ScaleAndBias Weights::Of(const model::NormLayer& layer) const {
  const std::vector<float> weight = Of(layer.name + ".weight"), bias = Of(layer.name + ".bias"),
                           mean = Of(layer.name + ".running_mean"),
                           variance = Of(layer.name + ".running_var");
  ScaleAndBias norm;
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double scale =
        static_cast<double>(weight[c]) / std::sqrt(static_cast<double>(variance[c]) + kEpsilon);
    norm.scale.push_back(scale);
    norm.bias.push_back(static_cast<double>(bias[c]) - static_cast<double>(mean[c]) * scale);
  }
  return norm;
}

LinearWeights Weights::Of(const model::LinearLayer& layer) const {
  LinearWeights linear{static_cast<std::size_t>(layer.in),
                       static_cast<std::size_t>(layer.out),
                       {},
                       Of(layer.name + ".bias")};
  const std::vector<float> by_output = Of(layer.name + ".weight");
  linear.weights.resize(by_output.size());
  for (std::size_t o = 0; o < linear.out; ++o) {
    for (std::size_t i = 0; i < linear.in; ++i) {
      linear.weights[i * linear.out + o] = by_output[o * linear.in + i];
    }
  }
  return linear;
}

StateSpaceWeights Weights::Of(const model::StateSpaceLayer& layer, const ScaleAndBias& norm) const {
  const std::vector<float> log_step = Of(layer.name + ".log_step"),
                           log_decay = Of(layer.name + ".log_decay"),
                           frequency = Of(layer.name + ".frequency"),
                           read_out = Of(layer.name + ".read_out"), pass = Of(layer.name + ".pass");
  const auto pairs = static_cast<std::size_t>(layer.pairs);
  const std::size_t all = log_decay.size();
  using Complex = std::complex<double>;
  StateSpaceWeights made;
  for (std::size_t c = 0; c < log_step.size(); ++c) {
    const double step = std::exp(static_cast<double>(log_step[c]));
    made.pass.push_back(static_cast<double>(pass[c]) * norm.scale[c]);
    made.bias.push_back(norm.bias[c]);
    for (std::size_t k = c * pairs; k < (c + 1) * pairs; ++k) {
      const Complex a(-std::exp(static_cast<double>(log_decay[k])),
                      static_cast<double>(frequency[k]));
      const Complex factor = std::exp(a * step);
      made.step.push_back(factor);
      for (std::size_t way = 0; way < 2; ++way) {
        const std::size_t at = 2 * (way * all + k);
        const Complex read(static_cast<double>(read_out[at]),
                           static_cast<double>(read_out[at + 1]));
        made.read[way].push_back(2.0 * read * (factor - 1.0) / a * norm.scale[c]);
      }
    }
  }
  return made;
}

onednn::ConvolutionWeights Weights::Of(const model::ConvolutionLayer& layer,
                                       const ScaleAndBias* norm, std::size_t at) const {
  onednn::ConvolutionWeights convolution{Of(layer.name + ".weight"), {}};
  const auto out = static_cast<std::size_t>(layer.out);
  convolution.bias = layer.bias ? Of(layer.name + ".bias") : std::vector<float>(out, 0.0F);
  if (norm == nullptr) return convolution;
  const std::size_t each = convolution.weights.size() / out;
  for (std::size_t o = 0; o < out; ++o) {
    const double scale = norm->scale[at + o];
    for (std::size_t i = o * each; i < (o + 1) * each; ++i) {
      convolution.weights[i] =
          static_cast<float>(static_cast<double>(convolution.weights[i]) * scale);
    }
    convolution.bias[o] =
        static_cast<float>(static_cast<double>(convolution.bias[o]) * scale + norm->bias[at + o]);
  }
  return convolution;
}

}  // namespace ecg::runtime
