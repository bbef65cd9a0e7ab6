#include "ecg/runtime/engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/made_weights.h"
#include "tests/support.h"

namespace ecg::runtime {
namespace {

constexpr std::size_t kSamples = 200, kClasses = 26;

model::SeResNetConfig SmallConfig() {
  model::SeResNetConfig config;
  config.width = 4;
  config.blocks = {1, 1};
  config.samples = kSamples;
  config.peak_grid = data::PeakGridKind::kPaper;
  return config;
}

model::Bundle MakeBundle(
    const model::SeResNetConfig& config,
    const std::function<void(const std::string&, std::vector<float>&)>& change = nullptr) {
  model::Bundle bundle;
  bundle.info.architecture = config;
  bundle.weights = test::MakeWeights(config, change);
  bundle.path = "w";
  return bundle;
}

model::ComputeConfig Config(int threads, model::Precision precision = model::Precision::kFp32) {
  model::ComputeConfig config;
  config.threads = threads;
  config.precision = precision;
  return config;
}

std::vector<float> Signal(std::size_t windows) {
  std::vector<float> signal(windows * 8 * kSamples);
  for (std::size_t i = 0; i < signal.size(); ++i)
    signal[i] = std::sin(0.37F * static_cast<float>(i));
  return signal;
}

model::NetworkOutput Answer(model::Network& network, const std::vector<float>& signal,
                            std::size_t windows) {
  model::NetworkOutput output;
  network.Run(signal.data(), windows, {true, true}, output);
  return output;
}

TEST(NativeEngine, AWindowsAnswerDoesNotDependOnItsCompany) {
  const auto network = Networks(Config(2))(MakeBundle(SmallConfig()));
  const std::vector<float> signal = Signal(5);
  const model::NetworkOutput together = Answer(*network, signal, 5);
  ASSERT_EQ(together.probabilities.size(), 5 * kClasses);
  for (std::size_t w = 0; w < 5; ++w) {
    const std::vector<float> own(
        signal.begin() + static_cast<std::ptrdiff_t>(w * 8 * kSamples),
        signal.begin() + static_cast<std::ptrdiff_t>((w + 1) * 8 * kSamples));
    const model::NetworkOutput alone = Answer(*network, own, 1);
    for (std::size_t k = 0; k < kClasses; ++k) {
      EXPECT_EQ(alone.probabilities[k], together.probabilities[w * kClasses + k]);
    }
  }
}

TEST(NativeEngine, IsUsedBySeveralThreadsAtATime) {
  const auto network = Networks(Config(2))(MakeBundle(SmallConfig()));
  const std::vector<float> signal = Signal(3);
  const model::NetworkOutput expected = Answer(*network, signal, 3);
  std::vector<std::thread> threads;
  std::vector<model::NetworkOutput> found(4);
  for (model::NetworkOutput& output : found) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) output = Answer(*network, signal, 3);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const model::NetworkOutput& output : found) {
    EXPECT_EQ(output.probabilities, expected.probabilities);
    EXPECT_EQ(output.peaks, expected.peaks);
  }
}

TEST(NativeEngine, WhatIsNotFiniteComesOutAsItIs) {
  const auto network = Networks(Config(1))(MakeBundle(SmallConfig()));
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> signal = Signal(2);
    signal[8 * kSamples + 3 * kSamples + 77] = bad;
    const model::NetworkOutput output = Answer(*network, signal, 2);
    EXPECT_TRUE(std::isfinite(output.probabilities[0]));
    for (std::size_t k = kClasses; k < 2 * kClasses; ++k) {
      EXPECT_FALSE(std::isfinite(output.probabilities[k])) << bad << " " << k;
    }
  }
  // What arises between a block's convolutions and never reaches its shortcut.
  const auto faulty = Networks(Config(1))(
      MakeBundle(SmallConfig(), [](const std::string& name, std::vector<float>& values) {
        if (name == "stage2.0.conv1.weight") values[0] = std::numeric_limits<float>::quiet_NaN();
      }));
  EXPECT_FALSE(std::isfinite(Answer(*faulty, Signal(1), 1).probabilities[0]));
}

TEST(NativeEngine, RefusesWhatDoesNotFit) {
  model::Bundle bundle = MakeBundle(SmallConfig());
  const auto refusal = [&] {
    try {
      Networks(Config(1))(bundle);
    } catch (const Exception& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  bundle.info.architecture.width = 3;
  EXPECT_EQ(refusal(), "w: stem.weight: is F32 [4, 8, 15] instead of F32 [3, 8, 15]");
  bundle.info.architecture.width = 1024;
  EXPECT_EQ(refusal(), "w: is too small for the network that model.json describes");
  bundle = MakeBundle(SmallConfig());
  bundle.info.architecture.peak_grid = data::PeakGridKind::kNone;
  EXPECT_EQ(refusal(), "w: does not hold the tensors of this network");
  bundle.weights.resize(bundle.weights.size() - 1);
  EXPECT_NE(refusal(), "nothing");
  model::ComputeConfig elsewhere = Config(1);
  elsewhere.device = "cuda:1";
  EXPECT_THROW(NameArithmetic(elsewhere), Exception);
}

}  // namespace
}  // namespace ecg::runtime
