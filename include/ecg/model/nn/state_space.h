// A diagonal state-space layer that looks both ways: S4D (Gu et al., NeurIPS 2022,
// arXiv:2206.11893), the kind of layer that leads on PTB-XL (Mehari & Strodthoff,
// arXiv:2211.07579).
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace ecg::nn {

// Each channel x by itself drives `states` states, complex ones in conjugate pairs of which one is
// kept, forwards in time and, with another C, backwards:
//   s'(t) = A s(t) + x(t),  y(t) = 2 Re(C s(t)),  A diagonal,
// where x is held for a step between samples that is learnt by channel. The output is the sum of
// both directions, of which the first sees the present sample, and a share of x; it is computed as
// a convolution over the whole length.
class StateSpaceImpl : public torch::nn::Module {
 public:
  // `states` is even: they come in conjugate pairs.
  StateSpaceImpl(std::int64_t channels, std::int64_t states);

  // [N][C][1][L] -> the same, for any L; in single precision or better inside.
  torch::Tensor forward(const torch::Tensor& x);

 private:
  // What one sample adds to the output `lag` samples later (0) or lag + 1 samples earlier (1), for
  // lags from `first` to before `end`: [2][C][end - first].
  torch::Tensor Responses(std::int64_t first, std::int64_t end);

  torch::Tensor log_step_;   // [C]
  torch::Tensor log_decay_;  // [C][states / 2]: log(-Re A)
  torch::Tensor frequency_;  // [C][states / 2]: Im A
  torch::Tensor read_out_;   // [2 directions][C][states / 2][real, imaginary]: C
  torch::Tensor pass_;       // [C]
};
TORCH_MODULE(StateSpace);

}  // namespace ecg::nn
