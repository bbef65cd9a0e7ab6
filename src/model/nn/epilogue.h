// Normalisation, gate, shortcut, activation and dropout as one operation each way.
#pragma once

#include <torch/torch.h>

#include "ecg/model/nn/se_resnet.h"

namespace ecg::nn {

// What stands between two convolutions, over features [N][C][1][L]:
//   dropout(relu(gate(norm(h)) + shortcut_norm(shortcut)))
// Each part but norm and relu may be missing (empty).
struct EpilogueParts {
  Norm norm{nullptr};
  SqueezeExcitation gate{nullptr};
  torch::Tensor shortcut;
  Norm shortcut_norm{nullptr};
  double dropout = 0;  // 0 where it is not trained
  bool training = false;
};

// Where features lie channels last on a processor, two passes over memory forwards and two
// backwards; else LibTorch's own operations. In training it needs a TrainingPass.
torch::Tensor SumChannels(const torch::Tensor& h, const EpilogueParts& parts);

// The same by LibTorch's own operations, everywhere.
torch::Tensor SumChannelsPlainly(const torch::Tensor& h, const EpilogueParts& parts);

// Kernel 3, stride 2, padding 1 along L.
torch::Tensor HalveByMaxPool(const torch::Tensor& x);
torch::Tensor HalveByMaxPoolPlainly(const torch::Tensor& x);

}  // namespace ecg::nn
