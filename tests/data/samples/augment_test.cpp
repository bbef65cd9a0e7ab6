#include "ecg/data/samples/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ecg::data {
namespace {

constexpr std::size_t kChannels = 4;
constexpr std::size_t kStride = 1000;
constexpr std::size_t kSamples = 900;  // the rest is padding

// Ones, but for a channel that is not kept and the padding.
std::vector<float> Ones() {
  std::vector<float> signal(kChannels * kStride, 0);
  for (const std::size_t c : {0u, 1u, 3u}) {
    std::fill_n(signal.begin() + static_cast<std::ptrdiff_t>(c * kStride), kSamples, 1.0F);
  }
  return signal;
}

std::vector<float> Changed(const AugmentConfig& config, std::uint64_t seed) {
  std::vector<float> signal = Ones();
  Rng rng({seed});
  Augment(config, rng, {signal.data(), kChannels, kStride, kSamples, 250, 2});
  // Whatever happens, padding and leads that are not kept stay as they are.
  EXPECT_TRUE(std::all_of(signal.begin() + 2 * kStride, signal.begin() + 3 * kStride,
                          [](float value) { return value == 0; }));
  for (std::size_t c = 0; c < kChannels; ++c) {
    for (std::size_t t = kSamples; t < kStride; ++t) EXPECT_EQ(signal[c * kStride + t], 0);
  }
  return signal;
}

AugmentConfig Always() {
  AugmentConfig config;
  config.probability = 1;
  return config;
}

TEST(Augment, DoesNothingByDefault) {
  EXPECT_FALSE(AugmentConfig().ChangesWindows());
  EXPECT_EQ(Changed(Always(), 1), Ones());
}

TEST(Augment, DependsOnTheGeneratorAlone) {
  AugmentConfig config = Always();
  config.noise_mv = 0.1;
  config.amplitude = 0.3;
  EXPECT_EQ(Changed(config, 5), Changed(config, 5));
  EXPECT_NE(Changed(config, 5), Changed(config, 6));
}

TEST(Augment, ScalesAllLeadsAlike) {
  AugmentConfig config = Always();
  config.amplitude = 0.5;
  double least = 1, most = 1;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<float> signal = Changed(config, seed);
    EXPECT_EQ(signal[0], signal[3 * kStride + 17]);
    least = std::min(least, static_cast<double>(signal[0]));
    most = std::max(most, static_cast<double>(signal[0]));
  }
  EXPECT_NEAR(least, std::exp(-0.5), 0.05);
  EXPECT_NEAR(most, std::exp(0.5), 0.05);
}

TEST(Augment, AddsNoiseOfTheDeviationThatIsDrawn) {
  AugmentConfig config = Always();
  config.noise_mv = 0.1;
  double sum = 0;
  constexpr int kSeeds = 300;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const std::vector<float> signal = Changed(config, seed);
    for (std::size_t t = 0; t < kSamples; ++t) {
      const double off = static_cast<double>(signal[t]) - 1;
      sum += off * off;
    }
  }
  // A deviation uniform below 0.2 (two units a mV) has the mean square 0.2^2 / 3.
  EXPECT_NEAR(sum / kSeeds / kSamples, 0.04 / 3, 0.0015);
}

TEST(Augment, AddsSlowWanderAndHumWithinTheirBounds) {
  AugmentConfig config = Always();
  config.wander_mv = 0.25;
  const auto changes_sign = [](const std::vector<float>& signal) {
    int count = 0;
    for (std::size_t t = 1; t < kSamples; ++t) count += (signal[t] > 1) != (signal[t - 1] > 1);
    return count;
  };
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> signal = Changed(config, seed);
    for (const float value : signal) EXPECT_LE(std::abs(value), 1.5F);
    EXPECT_LE(changes_sign(signal), 4);  // 3.6 s of at most 0.5 Hz
  }
  config = Always();
  config.powerline_mv = 0.1;
  const int crossings = changes_sign(Changed(config, 3));
  EXPECT_TRUE(std::abs(crossings - 360) < 5 || std::abs(crossings - 432) < 5) << crossings;
  // Below twice its frequency nothing is added.
  std::vector<float> slow = Ones();
  Rng rng({3});
  Augment(config, rng, {slow.data(), kChannels, kStride, kSamples, 100, 1});
  EXPECT_EQ(slow, Ones());
}

TEST(Augment, MasksOneStretchOfAllLeads) {
  AugmentConfig config = Always();
  config.time_mask = 0.3;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> signal = Changed(config, seed);
    const auto zeros = std::count(signal.begin(), signal.begin() + kSamples, 0.0F);
    EXPECT_LE(zeros, 270);
    int edges = 0;
    for (std::size_t t = 1; t < kSamples; ++t) edges += signal[t] != signal[t - 1];
    EXPECT_LE(edges, 2);
    for (std::size_t t = 0; t < kSamples; ++t) EXPECT_EQ(signal[t], signal[3 * kStride + t]);
  }
}

TEST(Augment, DropsLeadsButNotAll) {
  AugmentConfig config = Always();
  config.lead_dropout = 0.9;
  bool dropped = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> signal = Changed(config, seed);
    const int left = (signal[0] != 0) + (signal[kStride] != 0) + (signal[3 * kStride] != 0);
    EXPECT_GE(left, 1);
    dropped = dropped || left < 3;
  }
  EXPECT_TRUE(dropped);
}

TEST(Augment, AddsTheNoiseOfMusclesInOneStretch) {
  AugmentConfig config = Always();
  config.muscle_mv = 0.1;
  double own = 0, lagged = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::vector<float> signal = Changed(config, seed);
    std::size_t first = 0, last = kSamples;
    while (first < kSamples && signal[first] == 1) ++first;
    while (last > first && signal[last - 1] == 1) --last;
    const auto still = std::count(signal.begin() + static_cast<std::ptrdiff_t>(first),
                                  signal.begin() + static_cast<std::ptrdiff_t>(last), 1.0F);
    EXPECT_LE(still, 2);
    for (std::size_t t = first + 1; t < last; ++t) {
      own += std::pow(static_cast<double>(signal[t]) - 1, 2);
      lagged += (static_cast<double>(signal[t]) - 1) * (static_cast<double>(signal[t - 1]) - 1);
    }
  }
  // Of differences of white noise neighbours correlate by -1/2.
  EXPECT_NEAR(lagged / own, -0.5, 0.02);
}

// A window of a wave, whose place and frequency tell how time was moved.
std::vector<float> Moved(const AugmentConfig& config, std::uint64_t seed) {
  std::vector<float> signal(2 * kStride, 0);
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t t = 0; t < kSamples; ++t) {
      signal[c * kStride + t] = 2 + static_cast<float>(std::sin(0.05 * static_cast<double>(t)));
    }
  }
  Rng rng({seed});
  Augment(config, rng, {signal.data(), 2, kStride, kSamples, 250, 1});
  for (std::size_t t = 0; t < kSamples; ++t) EXPECT_EQ(signal[t], signal[kStride + t]);
  for (std::size_t t = kSamples; t < kStride; ++t) EXPECT_EQ(signal[t], 0);
  return signal;
}

TEST(Augment, ShiftsAllLeadsAlike) {
  AugmentConfig config = Always();
  config.shift = 0.2;
  bool left = false, right = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> signal = Moved(config, seed);
    std::size_t before = 0, after = kSamples;
    while (signal[before] == 0) ++before;
    while (signal[after - 1] == 0) --after;
    EXPECT_LE(before + (kSamples - after), 180u);
    EXPECT_TRUE(before == 0 || after == kSamples);
    left = left || after < kSamples;
    right = right || before > 0;
    const double from = after < kSamples ? static_cast<double>(kSamples - after) : 0;
    for (std::size_t t = before; t < after; ++t) {
      EXPECT_NEAR(signal[t], 2 + std::sin(0.05 * (static_cast<double>(t - before) + from)), 1e-5);
    }
  }
  EXPECT_TRUE(left && right);
}

TEST(Augment, StretchesTimeWithinItsBounds) {
  AugmentConfig config = Always();
  config.stretch = 0.1;
  double slowest = 2, fastest = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::vector<float> signal = Moved(config, seed);
    // The speed, from the first sample's slope; then the whole wave must follow.
    const double speed = std::asin(static_cast<double>(signal[20]) - 2) / (0.05 * 20);
    slowest = std::min(slowest, speed);
    fastest = std::max(fastest, speed);
    for (std::size_t t = 0; t < kSamples; ++t) {
      const double place = speed * static_cast<double>(t);
      if (place < kSamples - 2) {
        EXPECT_NEAR(signal[t], 2 + std::sin(0.05 * place), 2e-3);
      } else if (place > kSamples + 1) {
        EXPECT_EQ(signal[t], 0);
      }
    }
  }
  EXPECT_NEAR(slowest, std::exp(-0.1), 0.01);
  EXPECT_NEAR(fastest, std::exp(0.1), 0.01);
}

TEST(Augment, BetaHasItsMeanAndVariance) {
  for (const double a : {0.2, 1.0, 2.0}) {
    Rng rng({9});
    double sum = 0, squares = 0;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
      const double x = SymmetricBeta(a, rng);
      sum += x;
      squares += (x - 0.5) * (x - 0.5);
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.01) << a;
    EXPECT_NEAR(squares / kDraws, 1 / (4 * (2 * a + 1)), 0.005) << a;
  }
}

}  // namespace
}  // namespace ecg::data
