// Networks computed by LibTorch, without its headers.
#pragma once

#include <string>

#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"

namespace ecg::nn {

// Makes a bundle's network on the device and in the precision of `config`. What it returns throws
// Exception where the weights do not fit the bundle's description or the device is not there.
model::NetworkFactory TorchNetworks(const model::ComputeConfig& config = {});

// What it computes with, as in "bf16 on cpu".
std::string NameArithmetic(const model::ComputeConfig& config);

}  // namespace ecg::nn
