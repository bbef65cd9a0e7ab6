#include "ecg/dsp/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "ecg/core/json.h"
#include "tests/support.h"

namespace ecg::dsp {
namespace {

std::vector<float> Wave(std::size_t samples) {
  std::vector<float> x(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i);
    x[i] = static_cast<float>(std::sin(0.07 * t) + 0.3 * std::sin(0.9 * t) + 0.001 * t - 2);
  }
  return x;
}

TEST(ResamplingRatio, IsReduced) {
  const Ratio half = ResamplingRatio(500, 250);
  EXPECT_EQ(half.up, 1);
  EXPECT_EQ(half.down, 2);
  const Ratio prime = ResamplingRatio(257, 250);
  EXPECT_EQ(prime.up, 250);
  EXPECT_EQ(prime.down, 257);
  const Ratio fraction = ResamplingRatio(62.5, 250);
  EXPECT_EQ(fraction.up, 4);
  EXPECT_EQ(fraction.down, 1);
}

TEST(ResamplingRatio, ApproximatesWhatHasLargeTerms) {
  for (const double from : {999.56, 257.001, 1000.001, 499.999, 62.472}) {
    const Ratio ratio = ResamplingRatio(from, 500);
    EXPECT_LE(std::max(ratio.up, ratio.down), 32768);
    const double error = static_cast<double>(ratio.up) / ratio.down * from / 500 - 1;
    EXPECT_LT(std::abs(error), 3e-6) << from;
  }
}

TEST(ResamplingRatio, RefusesWhatIsNoRate) {
  EXPECT_THROW(ResamplingRatio(0, 500), Exception);
  EXPECT_THROW(ResamplingRatio(-500, 500), Exception);
  EXPECT_THROW(ResamplingRatio(std::nan(""), 500), Exception);
  EXPECT_THROW(ResamplingRatio(500, std::numeric_limits<double>::infinity()), Exception);
  EXPECT_THROW(ResamplingRatio(0.001, 500), Exception);
  EXPECT_THROW(Resampler({0, 1}), Exception);
}

TEST(Resampler, EqualsSciPyWithZeroEdges) {
  const Result<JsonDocument> golden = ReadJson(test::SourcePath("tests/golden/resample.json"));
  ASSERT_TRUE(golden.ok()) << golden.error().ToString();
  const auto input = golden->root.at("input").get<std::vector<float>>();
  for (const Json& entry : golden->root.at("cases")) {
    const Ratio ratio = ResamplingRatio(entry.at("from"), entry.at("to"));
    const auto expected = entry.at("output").get<std::vector<double>>();
    const std::vector<float> output = Resampler(ratio, Edges::kZero).Apply(input);
    ASSERT_EQ(output.size(), expected.size());
    for (std::size_t i = 0; i < output.size(); ++i) {
      // 1e-6 of the full scale, which is 3.
      ASSERT_NEAR(output[i], expected[i], 3e-6) << entry.at("from") << " Hz, sample " << i;
    }
  }
}

// However many outputs are computed at a time, each is the same sum.
TEST(Resampler, OutputDoesNotDependOnTheLength) {
  const std::vector<float> input = Wave(700);
  for (const Ratio ratio : {Ratio{1, 2}, Ratio{1, 4}, Ratio{2, 1}, Ratio{25, 36}}) {
    const Resampler resampler(ratio, Edges::kZero);
    const std::vector<float> whole = resampler.Apply(input);
    for (std::size_t samples = 1; samples < input.size(); ++samples) {
      const auto end = input.begin() + static_cast<std::ptrdiff_t>(samples);
      const std::vector<float> output = resampler.Apply(std::vector<float>(input.begin(), end));
      // The filter reaches over 10 samples of the lower rate.
      const auto reach = static_cast<std::size_t>(10 * std::max(1, ratio.up / ratio.down));
      for (std::size_t i = 0; i + reach < output.size(); ++i) {
        ASSERT_NEAR(output[i], whole[i], 1e-6) << ratio.up << "/" << ratio.down << ", " << samples;
      }
    }
  }
}

TEST(Resampler, KeepsConstantsAndRamps) {
  for (const double from : {250.0, 257.0, 360.0, 400.0, 500.0, 1000.0}) {
    for (const double to : {250.0, 500.0}) {
      const Ratio ratio = ResamplingRatio(from, to);
      std::vector<float> ramp(700);
      for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = 0.01F * static_cast<float>(i);
      const std::vector<float> constant = Resampler(ratio).Apply(std::vector<float>(700, -3.25F));
      for (const float value : constant) ASSERT_EQ(value, -3.25F) << from << " -> " << to;
      const std::vector<float> output = Resampler(ratio).Apply(ramp);
      for (std::size_t i = 0; i < output.size(); ++i) {
        ASSERT_NEAR(output[i], 0.01 * static_cast<double>(i) * from / to, 1e-6 * 7);
      }
    }
  }
}

// Taking the line off and putting it back is all that the edges differ in.
TEST(Resampler, LineEdgesAreZeroEdgesOfWhatIsLevel) {
  const std::vector<float> input = Wave(640);
  const double slope = (static_cast<double>(input.back()) - input.front()) / 639;
  std::vector<float> level(input.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    level[i] = static_cast<float>(input[i] - (input[0] + slope * static_cast<double>(i)));
  }
  const Ratio ratio = ResamplingRatio(360, 250);
  const std::vector<float> zero = Resampler(ratio, Edges::kZero).Apply(level);
  const std::vector<float> line = Resampler(ratio).Apply(input);
  ASSERT_EQ(zero.size(), line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    ASSERT_NEAR(line[i], zero[i] + input[0] + slope * static_cast<double>(i) * 36 / 25, 3e-6);
  }
}

TEST(Resampler, SameRateIsIdentity) {
  const std::vector<float> input = Wave(100);
  EXPECT_EQ(Resampler({1, 1}, Edges::kZero).Apply(input), input);
  EXPECT_EQ(Resampler({7, 7}, Edges::kZero).Apply(input), input);
}

TEST(Resampler, AppendsWhatApplyGives) {
  for (const double to : {250.0, 500.0, 617.0}) {
    const Resampler resampler(ResamplingRatio(500, to));
    for (const std::size_t samples : {0, 1, 1003}) {
      std::vector<float> input = Wave(samples);
      std::vector<float> expected = {7};
      const std::vector<float> resampled = resampler.Apply(input);
      expected.insert(expected.end(), resampled.begin(), resampled.end());
      std::vector<float> output = {7};
      resampler.Append(std::move(input), output);
      EXPECT_EQ(output, expected);
    }
  }
}

TEST(Resampler, HandlesShortSignals) {
  const Resampler resampler(ResamplingRatio(257, 250));
  EXPECT_TRUE(resampler.Apply({}).empty());
  EXPECT_EQ(resampler.Apply({1.5F}), std::vector<float>{1.5F});
  EXPECT_EQ(resampler.OutputLength(257), 250U);
  EXPECT_EQ(resampler.OutputLength(258), 251U);
}

TEST(Resampler, InvalidSamplesStayLocal) {
  std::vector<float> input = Wave(1000);
  const Resampler resampler({1, 2});
  const std::vector<float> clean = resampler.Apply(input);
  input[500] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> output = resampler.Apply(input);
  for (std::size_t i = 0; i < output.size(); ++i) {
    if (i < 240 || i > 260) {
      ASSERT_EQ(output[i], clean[i]) << i;
    }
  }
  EXPECT_TRUE(std::isnan(output[250]));
  input.front() = input.back() = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isfinite(resampler.Apply(input)[100]));
}

}  // namespace
}  // namespace ecg::dsp
