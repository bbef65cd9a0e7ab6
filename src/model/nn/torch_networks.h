// LibTorch as one of the engines, without its headers. See networks.h.
#pragma once

#include <string>

#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"

namespace ecg::nn {

model::NetworkFactory TorchNetworks(const model::ComputeConfig& config);
std::string TorchArithmetic(const model::ComputeConfig& config);

}  // namespace ecg::nn
