#include "ecg/train/weight_average.h"

#include <gtest/gtest.h>

#include "ecg/model/nn/se_resnet.h"

namespace ecg::train {
namespace {

TEST(WeightAverage, FollowsTheWeightsAndSwapsBitForBit) {
  torch::nn::Linear module(3, 2);
  const torch::NoGradGuard no_grad;
  module->weight.fill_(1);
  WeightAverage average(*module, 0.9);
  double expected = 1;
  for (int step = 1; step <= 30; ++step) {
    module->weight.fill_(step);
    average.Update();
    const double decay = std::min(0.9, (1.0 + step) / (10.0 + step));
    expected = decay * expected + (1 - decay) * step;
  }
  EXPECT_EQ(average.steps(), 30);
  average.Swap();
  EXPECT_NEAR(module->weight[0][0].item<double>(), expected, 1e-4);
  average.Swap();
  EXPECT_EQ(module->weight[0][0].item<double>(), 30);
  EXPECT_NEAR(average.tensors()[0].second[0][0].item<double>(), expected, 1e-4);
}

}  // namespace
}  // namespace ecg::train
