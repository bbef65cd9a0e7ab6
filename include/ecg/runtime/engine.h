// Networks computed on the CPU by oneDNN, without LibTorch and without gradients.
#pragma once

#include <string>

#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"

namespace ecg::runtime {

// Makes a bundle's network, which gives what LibTorch's gives. Windows are computed side by side,
// each by one thread, and give the same bits in any company. What it returns throws Exception: for
// another device than "auto" or "cpu" and for bf16 where the processor cannot multiply it (kUsage),
// where the weights do not fit the bundle's description (kInput), and where oneDNN fails
// (kInternal).
model::NetworkFactory Networks(const model::ComputeConfig& config = {});

// What these networks compute with, as in "bf16 on cpu, native".
std::string NameArithmetic(const model::ComputeConfig& config);

}  // namespace ecg::runtime
