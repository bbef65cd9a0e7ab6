#include "ecg/nn/adamw.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::nn {
namespace {

torch::nn::Sequential Network() {
  torch::manual_seed(4);
  return torch::nn::Sequential(torch::nn::Linear(5, 7), torch::nn::Tanh(), torch::nn::Linear(7, 3));
}

TEST(AdamW, MovesAsLibTorchsOwn) {
  torch::nn::Sequential ours = Network(), theirs = Network();
  AdamW optimizer(*ours, 0.05);
  torch::optim::AdamW reference(theirs->parameters(),
                                torch::optim::AdamWOptions(1).weight_decay(0.05));
  for (int step = 0; step < 20; ++step) {
    const double rate = 0.01 / (1 + step);
    const torch::Tensor x = torch::randn({11, 5});
    optimizer.ZeroGrad();
    reference.zero_grad();
    ours->forward(x).pow(2).sum().backward();
    theirs->forward(x).pow(2).sum().backward();
    optimizer.Step(rate);
    for (auto& group : reference.param_groups()) group.options().set_lr(rate);
    reference.step();
    for (std::size_t i = 0; i < ours->parameters().size(); ++i) {
      ASSERT_TRUE(torch::equal(ours->parameters()[i], theirs->parameters()[i])) << step << " " << i;
    }
  }
  EXPECT_EQ(optimizer.moments()[0].name, "0.weight");
  EXPECT_EQ(optimizer.moments()[3].steps, 20);
}

TEST(AdamW, LeavesWhatHasNoGradientAlone) {
  torch::nn::Sequential network = Network();
  AdamW optimizer(*network, 0.05);
  const torch::Tensor before = network->parameters()[2].clone();
  network->parameters()[0].sum().backward();
  optimizer.Step(0.1);
  EXPECT_TRUE(torch::equal(network->parameters()[2], before));
  EXPECT_EQ(optimizer.moments()[2].steps, 0);
  EXPECT_EQ(optimizer.moments()[0].steps, 1);
}

}  // namespace
}  // namespace ecg::nn
