// Convolutions of bytes, and networks that are computed in them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ecg/runtime/calibration.h"
#include "ecg/runtime/engine.h"
#include "src/onednn/convolution.h"
#include "src/onednn/processor.h"
#include "src/runtime/range_finder.h"
#include "src/runtime/rows.h"
#include "src/runtime/workspace.h"
#include "tests/runtime/made_weights.h"
#include "tests/runtime/network_cases.h"

namespace ecg::runtime {
namespace {

using model::SeResNetConfig;

#define SKIP_WITHOUT_BYTES() \
  if (onednn::LargestByteWeight() == 0) GTEST_SKIP() << "no int8 on this processor"

std::uint32_t Mixed(std::size_t i) { return static_cast<std::uint32_t>(i + 1) * 2654435761U >> 8; }

// The sum of products of a convolution over bytes, in integers.
std::int64_t PlainSum(const onednn::ConvolutionShape& shape, const std::vector<std::uint8_t>& x,
                      const std::vector<int>& weights, std::size_t row, std::size_t out) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < shape.kernel; ++k) {
    const std::size_t at = row * shape.stride + k;
    if (at < shape.kernel / 2 || at - shape.kernel / 2 >= shape.rows) continue;
    for (std::size_t c = 0; c < shape.in; ++c) {
      sum += static_cast<std::int64_t>(x[(at - shape.kernel / 2) * shape.in + c]) *
             weights[(out * shape.in + c) * shape.kernel + k];
    }
  }
  return sum;
}

constexpr float kIn = 0.03F, kOut = 0.5F;

struct Made {
  onednn::ConvolutionShape shape;
  std::vector<std::uint8_t> x;
  std::vector<int> integers;
  onednn::ConvolutionWeights weights;

  // `extreme`: as large as bytes get.
  explicit Made(const onednn::ConvolutionShape& of, bool extreme) : shape(of) {
    const int largest = onednn::LargestByteWeight();
    const auto levels = static_cast<std::uint32_t>(2 * largest + 1);
    x.resize(shape.rows * shape.in);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = extreme ? 255 : static_cast<std::uint8_t>(Mixed(i));
    }
    const std::size_t each = shape.in * shape.kernel;
    for (std::size_t o = 0; o < shape.out; ++o) {
      for (std::size_t i = 0; i < each; ++i) {
        const int random = static_cast<int>(Mixed(o * each + i) % levels) - largest;
        // One of each channel is the largest, so that rounding to bytes changes nothing.
        integers.push_back(extreme || i == o % each ? (o % 2 == 0 ? largest : -largest) : random);
        weights.weights.push_back(Unit(o) * static_cast<float>(integers.back()));
      }
      weights.bias.push_back(static_cast<float>(o % 5) - 2);
    }
  }

  static float Unit(std::size_t out) { return 0.001F * static_cast<float>(out + 1); }

  double Plain(std::size_t row, std::size_t out) const {
    const auto sum = static_cast<double>(PlainSum(shape, x, integers, row, out));
    return std::max(
        0.0, sum * static_cast<double>(Unit(out) * kIn) + static_cast<double>(weights.bias[out]));
  }
};

template <typename T>
std::vector<T> Compute(const Made& made, Number out) {
  const onednn::OneThread one_thread;
  const onednn::Convolution convolution(made.shape, made.weights, /*relu=*/true, Number::kUint8,
                                        out, {kIn, out == Number::kUint8 ? kOut : 1});
  std::vector<T> result(made.shape.rows_out() * made.shape.out);
  const onednn::Convolution::Call call(convolution, 1, made.x.data(), result.data());
  std::vector<char> scratch(call.ScratchBytes() + 64);
  auto place = reinterpret_cast<std::uintptr_t>(scratch.data());
  call.Run(reinterpret_cast<void*>((place + 63) / 64 * 64));
  return result;
}

constexpr onednn::ConvolutionShape kShapes[] = {
    {64, 64, 7, 1, 125}, {32, 64, 7, 2, 62},  {3, 5, 3, 1, 9},
    {20, 28, 5, 1, 33},  {1, 1, 1, 1, 4},     {33, 17, 15, 2, 7},
    {128, 40, 7, 1, 3},  {8, 8, 255, 1, 300}, {8, 8, 255, 1, 50}};

TEST(Bytes, AConvolutionIsTheSumOfItsProducts) {
  SKIP_WITHOUT_BYTES();
  for (const onednn::ConvolutionShape& shape : kShapes) {
    for (const bool extreme : {false, true}) {
      const Made made(shape, extreme);
      const std::vector<float> floats = Compute<float>(made, Number::kFp32);
      const std::vector<std::uint8_t> bytes = Compute<std::uint8_t>(made, Number::kUint8);
      for (std::size_t row = 0; row < shape.rows_out(); ++row) {
        for (std::size_t o = 0; o < shape.out; ++o) {
          const double plain = made.Plain(row, o);
          const std::size_t at = row * shape.out + o;
          const std::string where = std::to_string(shape.in) + " to " + std::to_string(shape.out) +
                                    ", row " + std::to_string(row);
          ASSERT_NEAR(floats[at], plain, 1e-5 * (1 + plain)) << where;
          const double byte = std::min(255.0, plain / static_cast<double>(kOut));
          ASSERT_NEAR(bytes[at], byte, 0.5 + 1e-4 * byte) << where;
        }
      }
    }
  }
}

TEST(Bytes, AreRoundedAndCutAtTheLargest) {
  const std::vector<float> x = {0,
                                0.2F,
                                0.26F,
                                1,
                                127.3F,
                                127.5F,
                                1e9F,
                                std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN(),
                                -0.7F,
                                -1e9F,
                                -std::numeric_limits<float>::infinity()};
  std::vector<std::uint8_t> bytes(x.size());
  ToBytes({x.data(), 4, 3}, Number::kFp32, 0.5F, bytes.data());
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0, 0, 1, 2, 255, 255, 255, 255, 255, 0, 0, 0}));
}

TEST(Bytes, ARangeLeavesRareValuesOut) {
  RangeFinder ranges(1);
  EXPECT_TRUE(ranges.Ranges().empty());
  std::vector<float> x(20000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) / 20000;
  x[5] = 1e6F;
  x[6] = std::numeric_limits<float>::quiet_NaN();
  for (int window = 0; window < 50; ++window) {
    ranges.Note(0, BlockInput::kFirst, {x.data(), 200, 100});
    ranges.Note(0, BlockInput::kSecond, {x.data(), 200, 50});
  }
  const std::vector<model::ActivationRange> found = ranges.Ranges();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].first, 1, 1e-3);
  EXPECT_NEAR(found[0].second, 0.5, 1e-3);
}

std::vector<float> Signal(const SeResNetConfig& config, std::size_t windows) {
  const auto channels = static_cast<std::size_t>(config.in_channels);
  const auto samples = static_cast<std::size_t>(config.samples);
  std::vector<float> signal(windows * channels * samples);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const auto window = static_cast<float>(i / (channels * samples));
    signal[i] = std::sin((0.37F + 0.2F * window) * static_cast<float>(i % 9973));
  }
  return signal;
}

model::Bundle MakeBundle(const SeResNetConfig& config) {
  model::Bundle bundle;
  bundle.info.architecture = config;
  // Sums of many products as large as those of few, as training leaves them.
  const float scale = std::sqrt(7.0F / static_cast<float>(config.kernel));
  bundle.weights = test::MakeWeights(config, [&](const std::string& name, std::vector<float>& w) {
    if (name.find("conv") == std::string::npos) return;
    std::transform(w.begin(), w.end(), w.begin(),
                   [&](float v) { return std::min(scale, 1.0F) * v; });
  });
  bundle.path = "w";
  return bundle;
}

// With ranges of `windows` of the signal.
model::Bundle Quantised(const SeResNetConfig& config, std::size_t windows) {
  model::Bundle bundle = MakeBundle(config);
  const Calibration calibration;
  model::NetworkOutput output;
  calibration.Networks()(bundle)->Run(Signal(config, windows).data(), windows, {}, output);
  bundle.info.ranges = calibration.RangesOf(bundle);
  return bundle;
}

model::NetworkOutput Answer(const model::Bundle& bundle, model::Precision precision,
                            const std::vector<float>& signal, std::size_t windows) {
  model::ComputeConfig compute;
  compute.precision = precision;
  compute.threads = 2;
  model::NetworkOutput output;
  Networks(compute)(bundle)->Run(signal.data(), windows,
                                 {true, bundle.info.architecture.DetectsPeaks()}, output);
  return output;
}

double Distance(const std::vector<float>& a, const std::vector<float>& b) {
  double most = a.size() == b.size() ? 0 : 99;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return most;
}

class InBytes : public testing::TestWithParam<test::NetworkCase> {};

TEST_P(InBytes, ANetworkAnswersNearlyAsInFloat) {
  SKIP_WITHOUT_BYTES();
  const SeResNetConfig config = test::ConfigOf(GetParam());
  if (config.states > 0) GTEST_SKIP() << "stays in float";
  constexpr std::size_t kWindows = 5;
  const std::vector<float> signal = Signal(config, kWindows);
  const model::Bundle bundle = Quantised(config, kWindows);
  const model::NetworkOutput exact = Answer(bundle, model::Precision::kFp32, signal, kWindows);
  const model::NetworkOutput bytes = Answer(bundle, model::Precision::kInt8, signal, kWindows);
  EXPECT_LT(Distance(bytes.probabilities, exact.probabilities), 0.08);
  EXPECT_LT(Distance(bytes.peaks, exact.peaks), 0.08);
  EXPECT_GT(Distance(bytes.probabilities, exact.probabilities), 0);
  // In any company.
  for (std::size_t w = 0; w < kWindows; ++w) {
    const std::size_t size = signal.size() / kWindows,
                      classes = exact.probabilities.size() / kWindows;
    const std::vector<float> own(signal.begin() + static_cast<std::ptrdiff_t>(w * size),
                                 signal.begin() + static_cast<std::ptrdiff_t>((w + 1) * size));
    const model::NetworkOutput alone = Answer(bundle, model::Precision::kInt8, own, 1);
    for (std::size_t k = 0; k < classes; ++k) {
      EXPECT_EQ(alone.probabilities[k], bytes.probabilities[w * classes + k]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, InBytes, testing::ValuesIn(test::kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(InBytes, WhatIsNotFiniteComesOutSo) {
  SKIP_WITHOUT_BYTES();
  const SeResNetConfig config = test::ConfigOf(test::kCases[0]);
  const model::Bundle bundle = Quantised(config, 2);
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    std::vector<float> signal = Signal(config, 2);
    signal[signal.size() / 2 + 777] = bad;
    const model::NetworkOutput output = Answer(bundle, model::Precision::kInt8, signal, 2);
    const std::size_t classes = output.probabilities.size() / 2;
    for (std::size_t k = 0; k < 2 * classes; ++k) {
      EXPECT_EQ(std::isfinite(output.probabilities[k]), k < classes) << bad << " " << k;
    }
  }
}

TEST(InBytes, ANetworkNeedsRangesAndFiniteWeights) {
  SKIP_WITHOUT_BYTES();
  const SeResNetConfig config = test::ConfigOf(test::kCases[0]);
  const auto refusal = [](const model::Bundle& bundle) {
    try {
      model::ComputeConfig compute;
      compute.precision = model::Precision::kInt8;
      Networks(compute)(bundle);
    } catch (const Exception& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  EXPECT_NE(refusal(MakeBundle(config)).find("ecgmodel quantise"), std::string::npos);
  model::Bundle bundle = Quantised(config, 1);
  EXPECT_EQ(refusal(bundle), "nothing");
  bundle.weights = test::MakeWeights(config, [](const std::string& name, std::vector<float>& w) {
    if (name == "stage2.0.conv1.weight") w[0] = std::numeric_limits<float>::quiet_NaN();
  });
  EXPECT_EQ(refusal(bundle), "w: stage2.0.conv1: is not finite, so it cannot be computed in int8");
}

}  // namespace
}  // namespace ecg::runtime
