// The network's parameters and buffers as a safetensors file, readable from Python with the
// safetensors package: 8 bytes of header length, a JSON header, the tensors' bytes.
#pragma once

#include <torch/torch.h>

#include <string>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg::nn {

// Every parameter and buffer of the module under its dotted name, in their order of registration.
std::string SerializeWeights(const torch::nn::Module& module);

// Fills the module. Names, types and shapes must fit exactly; `file` is named in errors. The module
// is unchanged unless all of it fits.
Status DeserializeWeights(std::string_view bytes, const std::string& file,
                          torch::nn::Module& module);

}  // namespace ecg::nn
