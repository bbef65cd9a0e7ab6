#include "ecg/model/nn/state_space.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ecg::nn {
namespace {

// Of the learnt step at first, spread evenly by its logarithm (Gu et al.): the states of a channel
// remember from some ten samples to some thousand.
constexpr double kShortestStep = 0.001;
constexpr double kLongestStep = 0.1;

// At a time: each needs a number for every state.
constexpr std::int64_t kLags = 4096;

constexpr double kPi = 3.14159265358979323846;

std::int64_t PowerOfTwoFrom(std::int64_t n) {
  std::int64_t power = 1;
  while (power < n) power *= 2;
  return power;
}

}  // namespace

StateSpaceImpl::StateSpaceImpl(std::int64_t channels, std::int64_t states) {
  const std::int64_t pairs = states / 2;
  log_step_ = register_parameter(
      "log_step",
      torch::rand({channels}) * std::log(kLongestStep / kShortestStep) + std::log(kShortestStep));
  // A = -1/2 + i pi n, "S4D-Lin".
  log_decay_ = register_parameter("log_decay", torch::full({channels, pairs}, std::log(0.5)));
  frequency_ = register_parameter(
      "frequency", (torch::arange(pairs, torch::kFloat32) * kPi).expand({channels, pairs}).clone());
  read_out_ =
      register_parameter("read_out", torch::randn({2, channels, pairs, 2}) * std::sqrt(0.5));
  pass_ = register_parameter("pass", torch::randn({channels}));
}

torch::Tensor StateSpaceImpl::Responses(std::int64_t first, std::int64_t end) {
  const torch::Tensor step = log_step_.exp().unsqueeze(1);
  const torch::Tensor decay = -log_decay_.exp();
  const torch::Tensor a = torch::complex(decay, frequency_);
  const torch::Tensor a_step = torch::complex(decay * step, frequency_ * step);
  const torch::Tensor weight =
      2 * torch::view_as_complex(read_out_) * (torch::exp(a_step) - 1) / a;  // [2][C][pairs]
  // exp(A step lag) as its real and its imaginary part, [C][pairs][lags].
  const torch::Tensor lag = torch::arange(first, end, log_step_.options());
  const torch::Tensor size = torch::exp((decay * step).unsqueeze(2) * lag);
  const torch::Tensor angle = (frequency_ * step).unsqueeze(2) * lag;
  // Not as a product of matrices, which would be in bf16 where that is allowed.
  return (torch::real(weight).unsqueeze(3) * (size * torch::cos(angle)) -
          torch::imag(weight).unsqueeze(3) * (size * torch::sin(angle)))
      .sum(2);
}

torch::Tensor StateSpaceImpl::forward(const torch::Tensor& x) {
  const std::int64_t length = x.size(3);
  const torch::Tensor signal = x.squeeze(2).to(log_step_.scalar_type()).contiguous();
  // As a circular convolution with room for both directions: what comes before lies at the end.
  const std::int64_t size = PowerOfTwoFrom(2 * length);
  std::vector<torch::Tensor> parts;
  for (std::int64_t first = 0; first < length; first += kLags) {
    parts.push_back(Responses(first, std::min(length, first + kLags)));
  }
  const torch::Tensor responses = torch::cat(parts, 2);
  const torch::Tensor later = responses[0];
  const torch::Tensor earlier = responses[1].slice(1, 0, length - 1).flip(1);
  const torch::Tensor kernel =
      torch::cat({later + torch::constant_pad_nd(pass_.unsqueeze(1), {0, length - 1}),
                  later.new_zeros({later.size(0), size - 2 * length + 1}), earlier},
                 1);
  const torch::Tensor y =
      torch::fft::irfft(torch::fft::rfft(signal, size) * torch::fft::rfft(kernel, size), size)
          .slice(2, 0, length);
  return y.unsqueeze(2).to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace ecg::nn
