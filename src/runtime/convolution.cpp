#include "src/runtime/convolution.h"

#include <algorithm>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <utility>

#include "ecg/core/result.h"

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
// Of the OpenMP that oneDNN is linked with; its header is the compiler's.
extern "C" {
int omp_get_max_threads();
void omp_set_num_threads(int count);
}
#elif DNNL_CPU_THREADING_RUNTIME != DNNL_RUNTIME_SEQ
#error "this oneDNN takes its threads from neither OpenMP nor nowhere"
#endif

namespace ecg::runtime {
namespace {

using Memory = dnnl::memory;
using Primitive = dnnl::convolution_forward::primitive_desc;

// What relu leaves of numbers below zero. With none at all oneDNN turns NaN into zero.
constexpr float kLeak = 1e-30F;

const dnnl::engine& Cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// oneDNN's failures leave as ours.
template <typename Body>
auto Guarded(const Body& body) {
  try {
    return body();
  } catch (const dnnl::error& error) {
    throw Exception({ErrorKind::kInternal, std::string("oneDNN: ") + error.what(), {}, 0, {}});
  }
}

Memory::data_type TypeOf(Number number) {
  return number == Number::kBf16 ? Memory::data_type::bf16 : Memory::data_type::f32;
}

Memory::dim Dim(std::size_t n) { return static_cast<Memory::dim>(n); }

dnnl::primitive_attr Attributes(bool relu) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (!relu) return attributes;
  dnnl::post_ops after;
#if DNNL_VERSION_MAJOR >= 3
  after.append_eltwise(dnnl::algorithm::eltwise_relu, kLeak, 0);
#else
  after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, kLeak, 0);
#endif
  attributes.set_post_ops(after);
  return attributes;
}

struct Kind {
  ConvolutionShape shape;
  bool relu = false;
  Number in = Number::kFp32, out = Number::kFp32;
};

// `weights`: the order that they are in; null: as oneDNN likes.
Primitive Describe(const Kind& kind, std::size_t windows, const Memory::desc* weights) {
  const ConvolutionShape& s = kind.shape;
  const auto rows = [&](std::size_t count, std::size_t channels, Number number) {
    return Memory::desc({Dim(windows), Dim(channels), Dim(count)}, TypeOf(number),
                        Memory::format_tag::nwc);
  };
  const Memory::desc from = rows(s.rows, s.in, kind.in);
  const Memory::desc to = rows(s.rows_out(), s.out, kind.out);
  const Memory::desc any({Dim(s.out), Dim(s.in), Dim(s.kernel)}, TypeOf(kind.in),
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
  return {
      Cpu(), forward, how, from, packed, bias, to, strides, before, after, Attributes(kind.relu)};
#else
  return {
      {forward, how, from, packed, bias, to, strides, before, after}, Attributes(kind.relu), Cpu()};
#endif
}

void Reorder(Memory& from, Memory& to) {
  dnnl::stream stream(Cpu());
  dnnl::reorder(from, to).execute(stream, from, to);
  stream.wait();
}

}  // namespace

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
OneThread::OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
OneThread::~OneThread() { omp_set_num_threads(before_); }
#else
OneThread::OneThread() : before_(1) {}
OneThread::~OneThread() = default;
#endif

namespace {

bool Has(dnnl::cpu_isa isa) {
  const auto bits = static_cast<unsigned>(isa);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
}

}  // namespace

bool HasNativeBf16() { return Has(dnnl::cpu_isa::avx512_core_bf16); }
bool CanBf16() { return Has(dnnl::cpu_isa::avx512_core); }

struct Convolution::Packed {
  Kind kind;
  Memory weights, bias;
};

Convolution::Convolution(const ConvolutionShape& shape, const ConvolutionWeights& weights,
                         bool relu, Number in, Number out)
    : packed_(std::make_unique<Packed>()) {
  packed_->kind = {shape, relu, in, out};
  Guarded([&] {
    const Primitive primitive = Describe(packed_->kind, 1, nullptr);
    packed_->weights = Memory(primitive.weights_desc(), Cpu());
    packed_->bias = Memory(primitive.bias_desc(), Cpu());
    std::copy(weights.bias.begin(), weights.bias.end(),
              static_cast<float*>(packed_->bias.get_data_handle()));
    Memory plain({{Dim(shape.out), Dim(shape.in), Dim(shape.kernel)},
                  Memory::data_type::f32,
                  Memory::format_tag::oiw},
                 Cpu(), const_cast<float*>(weights.weights.data()));
    Reorder(plain, packed_->weights);
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

}  // namespace ecg::runtime
