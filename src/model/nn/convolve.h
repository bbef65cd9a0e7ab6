// Convolutions over features [N][C][1][L].
#pragma once

#include <torch/torch.h>

namespace ecg::nn {

// Always by oneDNN on CPUs, so that a record's features do not depend, to the last bit, on which
// others share its batch.
torch::Tensor Convolve(const torch::nn::Conv1d& layer, const torch::Tensor& x);

}  // namespace ecg::nn
