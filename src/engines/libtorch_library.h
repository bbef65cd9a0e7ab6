// LibTorch as an engine: a shared library of its own, which is loaded when it is first asked for,
// so that whoever does not ask needs no LibTorch.
#pragma once

#include <string>

#include "ecg/core/result.h"
#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"

namespace ecg::engines {

// What the library shows, by its one function `kLibTorchFunction` (libtorch/library.cpp).
struct LibTorchLibrary {
  // What it was built from. C++ crosses this border, so both sides must be of one build.
  const char* build;
  model::NetworkFactory (*networks)(const model::ComputeConfig& config);
  std::string (*arithmetic)(const model::ComputeConfig& config);
  bool (*has_gpu)();
};

inline constexpr char kLibTorchFunction[] = "EcgLibTorchLibrary";
inline constexpr char kLibTorchFile[] = "libecg_torch.so";

// As in "0.2.0 3f1c2ab".
const char* BuildName();

// Where it lies: beside the program or the library that this code is part of, or in lib of the
// place that it is installed to. No other place counts, whatever environment, working folder or
// bundle say. Empty: it is not there.
std::string FindLibTorchLibrary();

// Loads it at the first call. An error (kUsage): it is not there, or of another build, or what it
// needs is missing.
Result<const LibTorchLibrary*> LoadLibTorchLibrary();

}  // namespace ecg::engines
