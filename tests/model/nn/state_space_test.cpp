#include "ecg/model/nn/state_space.h"

#include <gtest/gtest.h>

#include <complex>
#include <vector>

#include "ecg/model/nn/device.h"
#include "ecg/model/nn/se_resnet.h"

namespace ecg::nn {
namespace {

using Complex = std::complex<double>;

// The layer as its definition reads: states driven sample by sample, once from each end.
torch::Tensor ByRecurrence(StateSpace& layer, const torch::Tensor& x) {
  const auto named = layer->named_parameters();
  const auto log_step = named["log_step"].accessor<double, 1>();
  const auto log_decay = named["log_decay"].accessor<double, 2>();
  const auto frequency = named["frequency"].accessor<double, 2>();
  const auto read_out = named["read_out"].accessor<double, 4>();
  const auto pass = named["pass"].accessor<double, 1>();
  torch::Tensor y = torch::zeros_like(x);
  const auto in = x.accessor<double, 4>();
  auto out = y.accessor<double, 4>();
  const std::int64_t length = x.size(3);
  for (std::int64_t n = 0; n < x.size(0); ++n) {
    for (std::int64_t c = 0; c < x.size(1); ++c) {
      for (std::int64_t t = 0; t < length; ++t) out[n][c][0][t] = pass[c] * in[n][c][0][t];
      for (std::int64_t p = 0; p < log_decay.size(1); ++p) {
        const Complex a(-std::exp(log_decay[c][p]), frequency[c][p]);
        const Complex kept = std::exp(std::exp(log_step[c]) * a);
        const Complex driven = (kept - 1.0) / a;  // by an input that is held for a step
        const auto weight = [&](std::int64_t direction) {
          return Complex(read_out[direction][c][p][0], read_out[direction][c][p][1]);
        };
        Complex state = 0;
        for (std::int64_t t = 0; t < length; ++t) {
          state = kept * state + driven * in[n][c][0][t];
          out[n][c][0][t] += 2 * (weight(0) * state).real();
        }
        state = 0;
        for (std::int64_t t = length - 1; t >= 0; --t) {
          out[n][c][0][t] += 2 * (weight(1) * state).real();
          state = kept * state + driven * in[n][c][0][t];
        }
      }
    }
  }
  return y;
}

TEST(StateSpace, IsTheRecurrenceFromBothEnds) {
  torch::manual_seed(1);
  for (const std::int64_t length : {1, 2, 31, 64, 100, 5000}) {
    StateSpace layer(3, 8);
    layer->to(torch::kFloat64);
    const torch::Tensor x = torch::randn({2, 3, 1, length}, torch::kFloat64);
    const torch::Tensor y = layer(x);
    ASSERT_EQ(y.sizes(), x.sizes());
    EXPECT_LT((y - ByRecurrence(layer, x)).abs().max().item<double>(), 1e-11) << length;
  }
}

TEST(StateSpace, GradientsAreThoseOfDifferences) {
  torch::manual_seed(2);
  StateSpace layer(2, 4);
  layer->to(torch::kFloat64);
  const torch::Tensor x = torch::randn({2, 2, 1, 20}, torch::kFloat64).requires_grad_();
  const torch::Tensor target = torch::randn_like(x);
  const auto loss = [&] { return (ByRecurrence(layer, x.detach()) * target).sum().item<double>(); };
  (layer(x) * target).sum().backward();
  std::vector<torch::Tensor> inputs = layer->parameters();
  inputs.push_back(x);
  constexpr double kStep = 1e-6;
  for (const torch::Tensor& input : inputs) {
    double* values = input.data_ptr<double>();
    const torch::Tensor gradient = input.grad().contiguous();
    for (std::int64_t i = 0; i < input.numel(); ++i) {
      const double value = values[i];
      values[i] = value + kStep;
      const double above = loss();
      values[i] = value - kStep;
      const double below = loss();
      values[i] = value;
      EXPECT_NEAR(gradient.data_ptr<double>()[i], (above - below) / (2 * kStep), 1e-5);
    }
  }
}

// Sums over hundreds of samples need more digits than bf16 has.
TEST(StateSpace, ComputesInSinglePrecisionAndGivesBackWhatItGot) {
  torch::manual_seed(3);
  StateSpace layer(4, 8);
  const torch::Tensor x = torch::randn({2, 4, 1, 300}).to(torch::kBFloat16);
  const torch::Tensor y = layer(x.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_EQ(y.scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(y.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(y.equal(layer(x.to(torch::kFloat32)).to(torch::kBFloat16)));
  const AutocastGuard autocast(torch::kCPU, true);
  EXPECT_TRUE(y.equal(layer(x)));
}

TEST(StateSpace, StandsInForTheFirstConvolutionOfEachBlock) {
  const TrainingPass pass(1);
  for (const auto downsampling : {model::Downsampling::kMaxPool, model::Downsampling::kStrided}) {
    model::SeResNetConfig config;
    config.blocks = {2, 1, 2};
    config.width = 4;
    config.kernel = 1;
    config.states = 6;
    config.downsampling = downsampling;
    SeResNet network(config);
    for (const auto& item : network->named_parameters()) {
      EXPECT_EQ(item.key().find("conv1"), std::string::npos);
    }
    const torch::Tensor features = network->Features(torch::randn({2, 8, 200}));
    EXPECT_EQ(features.sizes(), (std::vector<std::int64_t>{2, 8, 1, 25}));
    network(torch::randn({2, 8, 200})).sum().backward();
    for (const auto& item : network->named_parameters()) {
      EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
    }
  }
}

TEST(StateSpace, StatesComeInPairsAndWithoutScales) {
  model::SeResNetConfig config;
  config.states = 5;
  EXPECT_EQ(config.Validate().error().field, "states");
  config.states = 4;
  EXPECT_TRUE(config.Validate().ok());
  config.scales = {3};
  EXPECT_EQ(config.Validate().error().field, "scales");
}

}  // namespace
}  // namespace ecg::nn
