// Convolutions over features [N][C][1][L].
#pragma once

#include <torch/torch.h>

namespace ecg::nn {

// Whether own loops can work on it: on a CPU, [N][C][1][L] in fp32 or bf16 with the channels of a
// position together.
bool IsInRows(const torch::Tensor& x);

// Always by oneDNN on CPUs, so that a record's features do not depend, to the last bit, on which
// others share its batch.
torch::Tensor Convolve(const torch::nn::Conv1d& layer, const torch::Tensor& x);

}  // namespace ecg::nn
