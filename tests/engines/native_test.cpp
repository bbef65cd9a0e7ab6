// The native engine gives what LibTorch's gives.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ecg/engines/networks.h"
#include "ecg/model/nn/se_resnet.h"
#include "ecg/model/nn/weights.h"
#include "tests/runtime/network_cases.h"
#include "tests/support.h"

namespace ecg::engines {
namespace {

using model::SeResNetConfig;

model::ComputeConfig By(const std::string& engine,
                        model::Precision precision = model::Precision::kFp32, int threads = 1) {
  model::ComputeConfig config;
  config.engine = engine;
  config.precision = precision;
  config.device = "cpu";
  config.threads = threads;
  return config;
}

// Weights as they come, normalisations as training might leave them.
model::Bundle RandomBundle(const SeResNetConfig& config) {
  torch::manual_seed(3);
  nn::SeResNet module(config);
  const torch::NoGradGuard no_grad;
  for (const auto& item : module->named_parameters()) {
    if (item.key().find("norm") == std::string::npos) continue;
    item.value().add_(torch::randn_like(item.value()) * 0.2);
  }
  for (const auto& item : module->named_buffers()) {
    const bool mean = item.key().find("running_mean") != std::string::npos;
    if (mean) item.value().copy_(torch::randn_like(item.value()) * 0.2);
    if (item.key().find("running_var") == std::string::npos) continue;
    item.value().copy_(torch::rand_like(item.value()) + 0.3);
  }
  model::Bundle bundle;
  bundle.info.architecture = config;
  bundle.weights = nn::SerializeWeights(*module);
  bundle.path = "w";
  return bundle;
}

// Of which the last one lacks a lead.
std::vector<float> RandomWindows(const SeResNetConfig& config, std::int64_t windows) {
  torch::manual_seed(4);
  torch::Tensor x = torch::randn({windows, config.in_channels, config.samples});
  x[windows - 1][0].zero_();
  x = x.contiguous();
  return {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()};
}

model::NetworkOutput Answer(const model::Bundle& bundle, const model::ComputeConfig& compute,
                            const std::vector<float>& signal, std::size_t windows) {
  model::NetworkOutput output;
  const model::Wanted wanted{true, bundle.info.architecture.DetectsPeaks()};
  MakeNetworks(compute)(bundle)->Run(signal.data(), windows, wanted, output);
  return output;
}

double Distance(const std::vector<float>& a, const std::vector<float>& b) {
  double most = a.size() == b.size() ? 0 : 99;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double off = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    most = off <= most ? most : off;  // NaN too
  }
  return most;
}

using test::kCases;
using test::NetworkCase;

class Native : public testing::TestWithParam<NetworkCase> {
 protected:
  static SeResNetConfig Config() { return test::ConfigOf(GetParam()); }
};

TEST_P(Native, EqualsLibTorch) {
  const SeResNetConfig config = Config();
  const model::Bundle bundle = RandomBundle(config);
  const std::vector<float> signal = RandomWindows(config, 3);
  const model::NetworkOutput expected = Answer(bundle, By("libtorch"), signal, 3);
  const model::NetworkOutput alone = Answer(bundle, By("native"), signal, 3);
  EXPECT_LT(Distance(alone.probabilities, expected.probabilities), 1e-5);
  EXPECT_LT(Distance(alone.peaks, expected.peaks), 1e-5);
  for (const int threads : {2, 3, 7}) {
    const model::NetworkOutput shared =
        Answer(bundle, By("native", model::Precision::kFp32, threads), signal, 3);
    EXPECT_EQ(shared.probabilities, alone.probabilities) << threads;
    EXPECT_EQ(shared.peaks, alone.peaks) << threads;
  }
}

TEST_P(Native, Bf16IsNearFp32) {
  const SeResNetConfig config = Config();
  const model::Bundle bundle = RandomBundle(config);
  const std::vector<float> signal = RandomWindows(config, 4);
  const model::NetworkOutput exact = Answer(bundle, By("native"), signal, 4);
  model::NetworkOutput rounded;
  try {
    rounded = Answer(bundle, By("native", model::Precision::kBf16), signal, 4);
  } catch (const Exception& error) {
    ASSERT_EQ(error.error().field, "precision");
    GTEST_SKIP() << error.what();
  }
  EXPECT_GT(Distance(rounded.probabilities, exact.probabilities), 0);
  EXPECT_LT(Distance(rounded.probabilities, exact.probabilities), 0.06);
}

INSTANTIATE_TEST_SUITE_P(Every, Native, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(NativeModel, ThatShipsEqualsLibTorch) {
  const model::Bundle bundle = model::LoadBundle(test::SourcePath("data/models/general")).value();
  const std::vector<float> signal = RandomWindows(bundle.info.architecture, 19);
  EXPECT_LT(Distance(Answer(bundle, By("native"), signal, 19).probabilities,
                     Answer(bundle, By("libtorch"), signal, 19).probabilities),
            1e-5);
}

TEST(Engines, AreChosenByNameDeviceAndWhetherTheyExplain) {
  EXPECT_EQ(EngineNames(), (std::vector<std::string>{"native", "libtorch"}));
  EXPECT_EQ(NameArithmetic(By("auto")), "fp32 on cpu, native");
  EXPECT_EQ(NameArithmetic(By("auto"), /*explains=*/true), "fp32 on cpu");
  EXPECT_EQ(NameArithmetic(By("libtorch")), "fp32 on cpu");
  EXPECT_THROW(MakeNetworks(By("abacus")), Exception);
  const model::Bundle bundle = RandomBundle({});
  model::ComputeConfig elsewhere = By("native");
  elsewhere.device = "cuda";
  EXPECT_THROW(MakeNetworks(elsewhere)(bundle), Exception);
  const auto native = MakeNetworks(By("native"))(bundle);
  EXPECT_THROW(native->Attribute(RandomWindows({}, 1).data(), 1, {0}), Exception);
}

}  // namespace
}  // namespace ecg::engines
