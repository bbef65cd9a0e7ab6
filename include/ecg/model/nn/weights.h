// Tensors, as the network's parameters and buffers, as a safetensors file, readable from Python
// with the package of that name.
#pragma once

#include <torch/torch.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::nn {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

// Every parameter and buffer of the module under its dotted name, in their order of registration.
NamedTensors TensorsOf(const torch::nn::Module& module);

std::string SerializeTensors(const NamedTensors& tensors);

// Fills the tensors. Names, types and shapes must fit exactly, but that half precision may stand
// for single; `file` is named in errors. Nothing is changed unless all of it fits.
Status DeserializeTensors(std::string_view bytes, const std::string& file,
                          const NamedTensors& tensors);

// The same for all of a module; `half` stores single precision as half, which must have been
// rounded to it.
std::string SerializeWeights(const torch::nn::Module& module, bool half = false);
Status DeserializeWeights(std::string_view bytes, const std::string& file,
                          torch::nn::Module& module);

// Rounds every floating-point parameter and buffer to what half precision can hold. Throws
// Exception (kDiverged) where one is too large for it; then nothing is changed.
void RoundToHalf(torch::nn::Module& module);

}  // namespace ecg::nn
