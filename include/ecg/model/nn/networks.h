// Networks by LibTorch, without its headers. What chooses among engines is engines/networks.h.
#pragma once

#include <string>

#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"

namespace ecg::nn {

// Makes a bundle's network on the device and in the precision of `config`, whatever engine that
// names; what it returns throws Exception where the weights do not fit the bundle's description or
// the device is not there.
model::NetworkFactory MakeNetworks(const model::ComputeConfig& config = {});

// What these networks compute with, as in "bf16 on cpu".
std::string NameArithmetic(const model::ComputeConfig& config);

// Whether LibTorch finds a GPU.
bool HasGpu();

}  // namespace ecg::nn
