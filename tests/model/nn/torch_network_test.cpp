#include "ecg/model/nn/torch_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecg/model/nn/networks.h"
#include "ecg/model/nn/weights.h"
#include "tests/infer/old_bundle.h"

namespace ecg::nn {
namespace {

model::Bundle SmallBundle() {
  model::Bundle bundle;
  bundle.info.architecture.width = 2;
  bundle.info.architecture.blocks = {1, 1};
  bundle.info.architecture.peak_grid = data::PeakGridKind::kPaper;
  bundle.info.window.samples = 128;
  bundle.info.CompleteArchitecture();
  torch::manual_seed(1);
  bundle.weights = SerializeWeights(*SeResNet(bundle.info.architecture));
  bundle.path = "w";
  return bundle;
}

model::ComputeConfig Fp32() {
  model::ComputeConfig config;
  config.precision = model::Precision::kFp32;
  return config;
}

std::unique_ptr<model::Network> MakeNetwork(const model::Bundle& bundle,
                                            const model::ComputeConfig& config) {
  return MakeNetworks(config)(bundle);
}

TEST(TorchNetwork, GivesWhatTheModuleGives) {
  const model::Bundle bundle = SmallBundle();
  const auto network = MakeNetwork(bundle, Fp32());
  SeResNet module = LoadModule(bundle).value();
  torch::manual_seed(2);
  const torch::Tensor x = torch::randn({3, 8, 128});
  const torch::NoGradGuard no_grad;
  model::NetworkOutput output;
  network->Run(x.data_ptr<float>(), 3, {true, true}, output);
  const torch::Tensor p = torch::sigmoid(module(x));
  ASSERT_EQ(output.probabilities.size(), 3u * 26);
  for (std::size_t i = 0; i < output.probabilities.size(); ++i) {
    ASSERT_FLOAT_EQ(output.probabilities[i],
                    p.flatten()[static_cast<std::int64_t>(i)].item<float>());
  }
  const torch::Tensor peaks = module->DetectPeaks(module->Features(x)).flatten();
  ASSERT_EQ(output.peaks.size(), static_cast<std::size_t>(peaks.numel()));
  EXPECT_FLOAT_EQ(output.peaks.back(), peaks[-1].item<float>());
}

TEST(TorchNetwork, NeitherOtherWindowsNorThreadsChangeABit) {
  const model::Bundle bundle = SmallBundle();
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({40, 8, 128});
  for (const model::Precision precision : {model::Precision::kFp32, model::Precision::kBf16}) {
    model::ComputeConfig config;
    config.precision = precision;
    config.threads = 1;
    model::NetworkOutput all;
    MakeNetwork(bundle, config)->Run(x.data_ptr<float>(), 40, {true, true}, all);
    for (const int threads : {1, 2, 3}) {
      config.threads = threads;
      const auto network = MakeNetwork(bundle, config);
      for (const std::size_t windows : {1u, 2u, 15u, 16u, 17u, 40u}) {
        model::NetworkOutput some;
        network->Run(x.data_ptr<float>(), windows, {true, true}, some);
        EXPECT_EQ(some.probabilities.size(), windows * 26);
        EXPECT_TRUE(std::equal(some.probabilities.begin(), some.probabilities.end(),
                               all.probabilities.begin()))
            << threads << " " << windows;
        EXPECT_TRUE(std::equal(some.peaks.begin(), some.peaks.end(), all.peaks.begin()));
      }
    }
  }
}

TEST(TorchNetwork, AttributionsAddUpToTheLogit) {
  const model::Bundle bundle = SmallBundle();
  const auto network = MakeNetwork(bundle, Fp32());
  SeResNet module = LoadModule(bundle).value();
  torch::manual_seed(4);
  torch::Tensor x = torch::randn({3, 8, 128});
  x.select(1, 5).zero_();
  const std::vector<float> values = network->Attribute(x.data_ptr<float>(), 3, {3, 7})[1];
  ASSERT_EQ(values.size(), 3u * 8 * 128);
  const torch::Tensor own = torch::from_blob(const_cast<float*>(values.data()), {3, 8, 128});
  const torch::NoGradGuard no_grad;
  const auto logits = [&](const torch::Tensor& signal) {
    return module->Classify(module->Features(signal), signal).select(1, 7);
  };
  const torch::Tensor expected = logits(x) - logits(torch::zeros_like(x));
  const torch::Tensor sums = own.sum({1, 2});
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(sums[i].item<float>(), expected[i].item<float>(),
                0.02 * std::abs(expected[i].item<float>()) + 0.002);
  }
  EXPECT_EQ(own.select(1, 5).abs().max().item<float>(), 0);
  EXPECT_GT(own.abs().max().item<float>(), 0);
}

TEST(TorchNetwork, RefusesWeightsThatDoNotFit) {
  model::Bundle bundle = SmallBundle();
  bundle.info.architecture.width = 3;
  const auto wrong = LoadModule(bundle);
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().ToString().find("stem.weight: is F32 [2, 8, 15] instead of F32"),
            std::string::npos)
      << wrong.error().ToString();
  // A description that asks for a network of a hundred gigabytes costs nothing.
  bundle.info.architecture.width = 1024;
  bundle.info.architecture.blocks = {100, 100, 100, 100};
  EXPECT_NE(LoadModule(bundle).error().message.find("too small"), std::string::npos);
  EXPECT_THROW(MakeNetwork(bundle, Fp32()), Exception);
}

TEST(TorchNetwork, FailuresOfLibTorchAreOurs) {
  const auto network = MakeNetwork(SmallBundle(), Fp32());
  model::NetworkOutput output;
  const std::vector<float> nothing;
  EXPECT_THROW(network->Run(nothing.data(), std::size_t{1} << 62, {}, output), Exception);
  model::ComputeConfig config;
  config.device = "cuda:77";
  EXPECT_THROW(MakeNetwork(SmallBundle(), config), Exception);
}

TEST(TorchNetwork, Bf16IsNearFp32) {
  model::ComputeConfig bf16;
  bf16.precision = model::Precision::kBf16;
  const model::Bundle bundle = SmallBundle();
  torch::manual_seed(2);
  const torch::Tensor x = torch::randn({4, 8, 128});
  model::NetworkOutput exact, rounded;
  MakeNetwork(bundle, Fp32())->Run(x.data_ptr<float>(), 4, {}, exact);
  MakeNetwork(bundle, bf16)->Run(x.data_ptr<float>(), 4, {}, rounded);
  EXPECT_NE(exact.probabilities, rounded.probabilities);
  // Eight significant bits through a dozen layers: a percent or so, which libraries round in ways
  // of their own.
  double squares = 0;
  for (std::size_t i = 0; i < exact.probabilities.size(); ++i) {
    squares += std::pow(exact.probabilities[i] - rounded.probabilities[i], 2);
  }
  EXPECT_LT(std::sqrt(squares / static_cast<double>(exact.probabilities.size())), 0.015);
}

TEST(TorchNetwork, PredictsWithABundleOfFormat1AsItsProgramDid) {
  test::ExpectFormat1PredictsAsItsProgramDid(MakeNetworks(Fp32()));
}

}  // namespace
}  // namespace ecg::nn
