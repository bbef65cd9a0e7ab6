#include "ecg/model/nn/device.h"

#include <ATen/autocast_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <limits>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "ecg/core/parallel.h"
#include "ecg/core/result.h"

namespace ecg::nn {
namespace {

// bf16 products in hardware: AVX512-BF16 or AMX.
bool ProcessorHasBf16() {
#if defined(__x86_64__)
  unsigned int a = 7, b = 0, c = 1, d = 0;
  __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  const bool avx512_bf16 = (a >> 5) & 1;
  a = 7, c = 0;
  __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  const bool amx_bf16 = (d >> 22) & 1;
  return (avx512_bf16 || amx_bf16) && __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool AutocastEnabled(torch::DeviceType type) { return at::autocast::is_autocast_enabled(type); }
void SetAutocast(torch::DeviceType type, bool enabled) {
  at::autocast::set_autocast_enabled(type, enabled);
  at::autocast::set_autocast_dtype(type, torch::kBFloat16);
}
#else
bool AutocastEnabled(torch::DeviceType type) {
  return type == torch::kCUDA ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
}
void SetAutocast(torch::DeviceType type, bool enabled) {
  if (type == torch::kCUDA) {
    at::autocast::set_enabled(enabled);
    at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
  } else {
    at::autocast::set_cpu_enabled(enabled);
    at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
  }
}
#endif

}  // namespace

torch::Device ChooseDevice(const std::string& name) {
  if (name == "auto") return torch::cuda::is_available() ? torch::kCUDA : torch::kCPU;
  try {
    const torch::Device device(name);
    if (device.is_cpu()) return device;
    if (device.is_cuda() && torch::cuda::is_available() &&
        device.index() < static_cast<int>(torch::cuda::device_count())) {
      return device;
    }
  } catch (const c10::Error&) {
    // Falls through: the name is none that LibTorch knows.
  }
  throw Exception(UsageError("no such device here: \"" + name + "\"", {}, 0, "device"));
}

bool UseBf16(model::Precision precision, const torch::Device& device) {
  if (precision == model::Precision::kInt8) {
    throw Exception(
        UsageError("LibTorch has no int8 here; the native engine has", {}, 0, "precision"));
  }
  if (precision != model::Precision::kAuto) return precision == model::Precision::kBf16;
  if (!device.is_cuda()) return ProcessorHasBf16();
  // LibTorch's own test for what began with compute capability 8.
  return at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
}

namespace {

// Tensors of some megabytes come and go at every step. By default the C library maps each anew, and
// the system fills its pages with zeros when they are touched.
void KeepFreedMemory() {
#if defined(__GLIBC__)
  ::mallopt(M_ARENA_MAX, 1);  // those of further threads give memory back whatever is set here
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  ::mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

Error TorchError(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return {ErrorKind::kInternal, "LibTorch: " + text.substr(0, text.find('\n')), {}, 0, {}};
}

void SetThreads(int threads) { at::set_num_threads(threads > 0 ? threads : AvailableThreads()); }

// Asking for the number makes a new thread take over what was set for all.
OneThread::OneThread() : before_(at::get_num_threads()) {
  if (before_ != 1) at::set_num_threads(1);
}

OneThread::~OneThread() {
  if (before_ != 1) at::set_num_threads(before_);
}

void PrepareTraining() {
  KeepFreedMemory();
  // On a GPU, the fastest way through each convolution by trial: its shapes never change.
  at::globalContext().setBenchmarkCuDNN(true);
}

int TrainingThreads(int wanted) {
  // Seen with Debian 13's LibTorch 2.6.0 and oneDNN 3.7.2: 147 of 9,720 backward passes of plain
  // convolutions on two threads, none on one, nor without oneDNN, which takes fifty times as long.
  constexpr bool kFaulty = TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR == 6;
  return kFaulty ? 1 : wanted;
}

AutocastGuard::AutocastGuard(const torch::Device& device, bool enabled)
    : type_(device.type()), enabled_(enabled) {
  if (!enabled_) return;
  was_enabled_ = AutocastEnabled(type_);
  at::autocast::increment_nesting();
  SetAutocast(type_, true);
}

AutocastGuard::~AutocastGuard() {
  if (!enabled_) return;
  SetAutocast(type_, was_enabled_);
  // Casts of weights are cached while guards nest; the last one out clears them.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
}

}  // namespace ecg::nn
