#include "src/onednn/convolution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/onednn/cpu.h"
#include "src/onednn/processor.h"

namespace ecg::onednn {
namespace {

using Primitive = dnnl::convolution_forward::primitive_desc;

// What relu leaves of numbers below zero. With none at all oneDNN turns NaN into zero.
constexpr float kLeak = 1e-30F;

Memory::data_type TypeOf(Number number) {
  switch (number) {
    case Number::kUint8:
      return Memory::data_type::u8;
    case Number::kBf16:
      return Memory::data_type::bf16;
    case Number::kFp32:
      break;
  }
  return Memory::data_type::f32;
}

Memory::data_type WeightsFor(Number in) {
  return in == Number::kUint8 ? Memory::data_type::s8 : TypeOf(in);
}

struct Kind {
  ConvolutionShape shape;
  bool relu = false;
  Number in = Number::kFp32, out = Number::kFp32;
  // Of bytes: what a sum of products is worth in the output, for each of its channels.
  std::vector<float> worth;
};

dnnl::primitive_attr Attributes(const Kind& kind) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (!kind.worth.empty()) {
#if DNNL_VERSION_MAJOR >= 3
    attributes.set_scales_mask(DNNL_ARG_WEIGHTS, 1 << 0);
#else
    attributes.set_output_scales(1 << 1, kind.worth);
#endif
  }
  if (!kind.relu) return attributes;
  dnnl::post_ops after;
#if DNNL_VERSION_MAJOR >= 3
  after.append_eltwise(dnnl::algorithm::eltwise_relu, kLeak, 0);
#else
  after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, kLeak, 0);
#endif
  attributes.set_post_ops(after);
  return attributes;
}

// `weights`: the order that they are in; null: as oneDNN likes.
Primitive Describe(const Kind& kind, std::size_t windows, const Memory::desc* weights) {
  const ConvolutionShape& s = kind.shape;
  const auto rows = [&](std::size_t count, std::size_t channels, Number number) {
    return Memory::desc({Dim(windows), Dim(channels), Dim(count)}, TypeOf(number),
                        Memory::format_tag::nwc);
  };
  const Memory::desc from = rows(s.rows, s.in, kind.in);
  const Memory::desc to = rows(s.rows_out(), s.out, kind.out);
  const Memory::desc any({Dim(s.out), Dim(s.in), Dim(s.kernel)}, WeightsFor(kind.in),
                         Memory::format_tag::any);
  const Memory::desc bias({Dim(s.out)}, Memory::data_type::f32, Memory::format_tag::a);
  const Memory::dims strides = {Dim(s.stride)};
  const std::size_t half = s.kernel / 2;
  const std::size_t seen = (s.rows_out() - 1) * s.stride + s.kernel;  // padding included
  const Memory::dims before = {Dim(half)};
  const Memory::dims after = {Dim(seen > s.rows + half ? seen - s.rows - half : 0)};
  const auto forward = dnnl::prop_kind::forward_inference;
  const auto how = dnnl::algorithm::convolution_direct;
  const Memory::desc& packed = weights != nullptr ? *weights : any;
#if DNNL_VERSION_MAJOR >= 3
  return {Cpu(), forward, how, from, packed, bias, to, strides, before, after, Attributes(kind)};
#else
  return {{forward, how, from, packed, bias, to, strides, before, after}, Attributes(kind), Cpu()};
#endif
}

void Reorder(Memory& from, Memory& to) {
  dnnl::stream stream(Cpu());
  dnnl::reorder(from, to).execute(stream, from, to);
  stream.wait();
}

// Weights as bytes, the largest of each output channel being `largest`, and what a 1 is then worth.
struct ByteWeights {
  std::vector<std::int8_t> bytes;
  std::vector<float> worth;  // [out]
};

ByteWeights ToBytes(const std::vector<float>& weights, std::size_t out, int largest) {
  ByteWeights made{std::vector<std::int8_t>(weights.size()), std::vector<float>(out, 1.0F)};
  const std::size_t each = weights.size() / out;
  for (std::size_t o = 0; o < out; ++o) {
    const float* from = weights.data() + o * each;
    float most = 0;
    for (std::size_t i = 0; i < each; ++i) most = std::max(most, std::abs(from[i]));
    const float unit = most / static_cast<float>(largest);
    if (unit >= std::numeric_limits<float>::min()) made.worth[o] = unit;  // else they are zeros
    for (std::size_t i = 0; i < each; ++i) {
      made.bytes[o * each + i] = static_cast<std::int8_t>(std::lrint(from[i] / made.worth[o]));
    }
  }
  return made;
}

}  // namespace

struct Convolution::Packed {
  Kind kind;
  Memory weights, bias;
  Memory worth;  // of a 1 in weights that are bytes, where oneDNN asks for it with every call
};

Convolution::Convolution(const ConvolutionShape& shape, const ConvolutionWeights& weights,
                         bool relu, Number in, Number out, const ByteScales& scales)
    : packed_(std::make_unique<Packed>()) {
  packed_->kind = {shape, relu, in, out, {}};
  std::vector<float> bias = weights.bias;
  ByteWeights bytes;
  const void* values = weights.weights.data();
  auto type = Memory::data_type::f32;
  if (in == Number::kUint8) {
    bytes = ToBytes(weights.weights, shape.out, LargestByteWeight());
    values = bytes.bytes.data();
    type = Memory::data_type::s8;
    packed_->kind.worth.resize(shape.out);
    for (std::size_t o = 0; o < shape.out; ++o) {
      packed_->kind.worth[o] = scales.in * bytes.worth[o] / scales.out;
#if DNNL_VERSION_MAJOR >= 3
      bias[o] /= scales.out;
#else
      bias[o] /= scales.in * bytes.worth[o];  // it is added before the sum gets its worth
#endif
    }
  }
  Guarded([&] {
    const Primitive primitive = Describe(packed_->kind, 1, nullptr);
    packed_->weights = Memory(primitive.weights_desc(), Cpu());
    packed_->bias = Memory(primitive.bias_desc(), Cpu());
    std::copy(bias.begin(), bias.end(), static_cast<float*>(packed_->bias.get_data_handle()));
    Memory plain(
        {{Dim(shape.out), Dim(shape.in), Dim(shape.kernel)}, type, Memory::format_tag::oiw}, Cpu(),
        const_cast<void*>(values));
    Reorder(plain, packed_->weights);
    if (in != Number::kUint8) return;
    packed_->worth =
        Memory({{Dim(shape.out)}, Memory::data_type::f32, Memory::format_tag::a}, Cpu());
    std::copy(packed_->kind.worth.begin(), packed_->kind.worth.end(),
              static_cast<float*>(packed_->worth.get_data_handle()));
  });
}

Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;
Convolution& Convolution::operator=(Convolution&&) noexcept = default;

const ConvolutionShape& Convolution::shape() const { return packed_->kind.shape; }

struct Convolution::Call::Parts {
  dnnl::convolution_forward primitive;
  dnnl::stream stream;
  Memory scratch;
  std::unordered_map<int, Memory> arguments;
};

Convolution::Call::Call(const Convolution& convolution, std::size_t windows, const void* in,
                        void* out)
    : parts_(std::make_unique<Parts>()) {
  const Kind& kind = convolution.packed_->kind;
  Guarded([&] {
    Memory weights = convolution.packed_->weights;
    const Memory::desc packed = weights.get_desc();
    const Primitive primitive = Describe(kind, windows, &packed);
    parts_->primitive = dnnl::convolution_forward(primitive);
    parts_->stream = dnnl::stream(Cpu());
    parts_->scratch = Memory(primitive.scratchpad_desc(), Cpu(), nullptr);
    parts_->arguments = {{DNNL_ARG_SRC, Memory(primitive.src_desc(), Cpu(), const_cast<void*>(in))},
                         {DNNL_ARG_WEIGHTS, weights},
                         {DNNL_ARG_BIAS, convolution.packed_->bias},
                         {DNNL_ARG_DST, Memory(primitive.dst_desc(), Cpu(), out)},
                         {DNNL_ARG_SCRATCHPAD, parts_->scratch}};
#if DNNL_VERSION_MAJOR >= 3
    if (!kind.worth.empty()) {
      parts_->arguments.emplace(DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS,
                                convolution.packed_->worth);
    }
#endif
  });
}

Convolution::Call::~Call() = default;
Convolution::Call::Call(Call&&) noexcept = default;

std::size_t Convolution::Call::ScratchBytes() const {
  return parts_->scratch.get_desc().get_size();
}

void Convolution::Call::Run(void* scratch) const {
  Guarded([&] {
    parts_->scratch.set_data_handle(scratch);
    parts_->primitive.execute(parts_->stream, parts_->arguments);
  });
}

}  // namespace ecg::onednn
