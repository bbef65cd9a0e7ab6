// Networks computed by LibTorch, without its headers.
#pragma once

#include <string>

#include "ecg/model/network.h"
#include "ecg/nn/device_config.h"

namespace ecg::nn {

// Makes a bundle's network on the device and in the precision of `config`. What it returns throws
// Exception where the weights do not fit the bundle's description or the device is not there.
model::NetworkFactory TorchNetworks(const DeviceConfig& config = {});

// What it computes with, as in "bf16 on cpu".
std::string NameArithmetic(const DeviceConfig& config);

}  // namespace ecg::nn
