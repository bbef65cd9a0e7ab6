#include "ecg/train/adamw.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::train {
namespace {

ThreadTeam alone(1);

torch::nn::Sequential Network() {
  torch::manual_seed(4);
  return torch::nn::Sequential(torch::nn::Linear(5, 7), torch::nn::Tanh(), torch::nn::Linear(7, 3));
}

// Of any number type: single precision has a way of its own on the CPU.
class AdamWOf : public testing::TestWithParam<torch::ScalarType> {};

TEST_P(AdamWOf, MovesAsLibTorchsOwn) {
  const double tolerance = GetParam() == torch::kFloat32 ? 2e-6 : 1e-12;
  torch::nn::Sequential ours = Network(), theirs = Network();
  ours->to(GetParam());
  theirs->to(GetParam());
  AdamW optimizer(*ours, 0.05);
  torch::optim::AdamW reference(theirs->parameters(),
                                torch::optim::AdamWOptions(1).weight_decay(0.05));
  for (int step = 0; step < 20; ++step) {
    const double rate = 0.01 / (1 + step);
    const torch::Tensor x = torch::randn({11, 5}).to(GetParam());
    reference.zero_grad();
    optimizer.SetGradients(
        torch::autograd::grad({ours->forward(x).pow(2).sum()}, ours->parameters()));
    theirs->forward(x).pow(2).sum().backward();
    optimizer.Step(rate, alone);
    for (auto& group : reference.param_groups()) group.options().set_lr(rate);
    reference.step();
    for (std::size_t i = 0; i < ours->parameters().size(); ++i) {
      ASSERT_TRUE(
          torch::allclose(ours->parameters()[i], theirs->parameters()[i], tolerance, tolerance))
          << step << " " << i;
    }
  }
  EXPECT_EQ(optimizer.moments()[0].name, "0.weight");
  EXPECT_EQ(optimizer.moments()[3].steps, 20);
}

INSTANTIATE_TEST_SUITE_P(Numbers, AdamWOf, testing::Values(torch::kFloat32, torch::kFloat64));

// A step of Adam is as long as its rate, whatever the gradient.
TEST(AdamW, MovesTheHeadByARateOfItsOwnAndWhatIsFrozenNotAtAll) {
  struct Model : torch::nn::Module {
    Model() {
      body = register_module("body", torch::nn::Linear(2, 2));
      head = register_module("head", torch::nn::Linear(2, 2));
      frozen = register_module("frozen", torch::nn::Linear(2, 2));
      for (torch::Tensor& parameter : frozen->parameters()) parameter.set_requires_grad(false);
    }
    torch::nn::Linear body{nullptr}, head{nullptr}, frozen{nullptr};
  } model;
  const auto copy = [](const torch::nn::Linear& layer) { return layer->weight.detach().clone(); };
  const torch::Tensor body = copy(model.body), head = copy(model.head);
  AdamW optimizer(model, /*weight_decay=*/0, /*head_scale=*/5);
  ASSERT_EQ(optimizer.parameters().size(), 4u);
  optimizer.SetGradients(std::vector<torch::Tensor>(4, torch::Tensor()));
  for (const torch::nn::Linear& layer : {model.body, model.head}) {
    layer->weight.mutable_grad() = torch::full({2, 2}, 0.7);
  }
  optimizer.Step(0.01, alone);
  EXPECT_TRUE(torch::allclose(body - model.body->weight, torch::full({2, 2}, 0.01), 1e-5, 1e-7));
  EXPECT_TRUE(torch::allclose(head - model.head->weight, torch::full({2, 2}, 0.05), 1e-5, 1e-7));
}

// As many numbers as several threads share.
TEST(AdamW, GivesTheSameBitsForAnyNumberOfThreads) {
  std::vector<torch::Tensor> results;
  for (const int threads : {1, 2, 3}) {
    ThreadTeam team(threads);
    torch::manual_seed(8);
    torch::nn::Linear layer(700, 401);
    AdamW optimizer(*layer, 0.05);
    for (int step = 0; step < 3; ++step) {
      for (torch::Tensor& parameter : layer->parameters()) {
        parameter.mutable_grad() = torch::randn_like(parameter);
      }
      optimizer.Step(0.01, team);
    }
    results.push_back(layer->weight.clone());
  }
  EXPECT_TRUE(torch::equal(results[0], results[1]));
  EXPECT_TRUE(torch::equal(results[0], results[2]));
}

TEST(AdamW, LeavesWhatHasNoGradientAlone) {
  torch::nn::Sequential network = Network();
  AdamW optimizer(*network, 0.05);
  const torch::Tensor before = network->parameters()[2].clone();
  network->parameters()[0].sum().backward();
  optimizer.Step(0.1, alone);
  EXPECT_TRUE(torch::equal(network->parameters()[2], before));
  EXPECT_EQ(optimizer.moments()[2].steps, 0);
  EXPECT_EQ(optimizer.moments()[0].steps, 1);
}

}  // namespace
}  // namespace ecg::train
