// What computes networks, by name: the one list of engines that there is.
#pragma once

#include <string>
#include <vector>

#include "ecg/model/compute_config.h"
#include "ecg/model/network.h"

namespace ecg::engines {

// Makes a bundle's network by the engine, on the device and in the precision of `config`; "auto"
// takes the native one on CPUs, and LibTorch on GPUs and where `explains` says that the network's
// Attribute will be asked for, which needs gradients. LibTorch is a library of its own, which is
// loaded here if it is taken. Throws Exception (kUsage) for an engine that is not there; what it
// returns throws Exception where the weights do not fit the bundle's description or the device is
// not there.
model::NetworkFactory MakeNetworks(const model::ComputeConfig& config = {}, bool explains = false);

// What these networks compute with, as in "bf16 on cpu".
std::string NameArithmetic(const model::ComputeConfig& config, bool explains = false);

// Whether the engine that is taken where explanations are wanted has gradients.
bool CanExplain(const model::ComputeConfig& config = {});

// The engines that are there.
std::vector<std::string> EngineNames();

}  // namespace ecg::engines
