// Where and in which precision the network computes, and what differs between LibTorch 1.13 and
// 2.x.
#pragma once

#include <torch/torch.h>

#include <string>

#include "ecg/core/result.h"
#include "ecg/model/compute_config.h"

namespace ecg::nn {

// "auto" takes a GPU where LibTorch finds one. Throws Exception for a GPU that is not there.
torch::Device ChooseDevice(const std::string& name);

// Whether mixed precision with bf16 is used on that device: "auto" says yes where the GPU or the
// processor multiplies bf16 natively; elsewhere bf16 is many times slower than fp32. Throws
// Exception (kUsage) for int8.
bool UseBf16(model::Precision precision, const torch::Device& device);

// Gives LibTorch's operators this many threads; its own default on Debian is one.
void SetThreads(int threads);

// While one lives, LibTorch's operators on this thread use this thread alone: for those that
// compute side by side.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  const int before_;
};

// To be called before training on the CPU.
void PrepareTraining();

// The threads that may compute an operator together in training: so many, but one with LibTorch
// 2.6, whose oneDNN (3.7) gives gradients of convolutions then that are not finite.
int TrainingThreads(int wanted);

// LibTorch's failure as one of ours: its first line, without the stack. `kInternal`.
Error TorchError(const c10::Error& error);

// Calls `body`; LibTorch's failures in it leave as Exception.
template <typename Body>
auto WithoutTorchErrors(const Body& body) {
  try {
    return body();
  } catch (const c10::Error& error) {
    throw Exception(TorchError(error));
  }
}

// While one lives, LibTorch's operators choose bf16 where that is safe.
class AutocastGuard {
 public:
  AutocastGuard(const torch::Device& device, bool enabled);
  ~AutocastGuard();
  AutocastGuard(const AutocastGuard&) = delete;
  AutocastGuard& operator=(const AutocastGuard&) = delete;

 private:
  torch::DeviceType type_;
  bool enabled_;
  bool was_enabled_ = false;
};

}  // namespace ecg::nn
