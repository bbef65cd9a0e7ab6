#include "src/dsp/lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/dsp/r_peaks.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

using Signal = std::vector<double>;

std::vector<Signal> Signals(std::size_t count, std::size_t samples) {
  Rng rng({count, samples});
  std::vector<Signal> signals(count, Signal(samples));
  for (Signal& signal : signals) {
    double level = rng.Normal();
    for (double& v : signal) v = level += rng.Normal(0, 0.1);
  }
  return signals;
}

SideBySide Of(const std::vector<Signal>& signals) { return {signals.data(), signals.size()}; }

// Every signal gets, to the bit, what it gets alone.
template <typename Alone>
void ExpectAsAlone(const std::vector<Signal>& signals, const SideBySide& found,
                   const Alone& alone) {
  const std::vector<Signal> lanes = found.Apart(kLanes);
  for (std::size_t k = 0; k < signals.size(); ++k) {
    EXPECT_EQ(lanes[k], alone(signals[k])) << k << " of " << signals.size();
  }
  for (std::size_t k = signals.size(); k < kLanes; ++k) {
    EXPECT_EQ(lanes[k], Signal(found.samples(), 0.0));
  }
}

class LanesTest : public testing::TestWithParam<std::size_t> {};  // of so many samples

TEST_P(LanesTest, EachSignalGetsTheBitsThatItGetsAlone) {
  for (std::size_t count = 1; count <= kLanes; ++count) {
    const std::vector<Signal> signals = Signals(count, GetParam());
    for (const int size : {0, 1, 2, 3, 4, 7, 20, 61}) {
      ExpectAsAlone(signals, CentredMovingAverage(Of(signals), size),
                    [&](const Signal& x) { return CentredMovingAverage(x, size); });
      ExpectAsAlone(signals, FiltFiltMovingAverage(Of(signals), size),
                    [&](const Signal& x) { return FiltFiltMovingAverage(x, size); });
    }
    for (const int order : {1, 2, 3, 4, 5, 6}) {
      const std::vector<Section> sections = ButterworthHighPass(order, 0.5, 250);
      ExpectAsAlone(signals, FiltFilt(sections, Of(signals)),
                    [&](const Signal& x) { return FiltFilt(sections, x); });
    }
    for (const double fs : {80.0, 250.0, 500.0}) {
      ExpectAsAlone(signals, CleanEcg(Of(signals), fs),
                    [&](const Signal& x) { return CleanEcg(x, fs); });
    }
  }
}

// Sums are not divided there but nearly, and put right.
TEST(Lanes, MeansAreDividedToTheLastBit) {
  std::vector<Signal> signals = Signals(kLanes, 1500);
  for (std::size_t k = 0; k < kLanes; ++k) {
    for (double& v : signals[k]) v *= std::ldexp(1, 40 * static_cast<int>(k) - 60);
  }
  const SideBySide all = Of(signals);
  for (int size = 2; size < 1600; ++size) {
    const std::vector<Signal> means = CentredMovingAverage(all, size).Apart(kLanes);
    for (std::size_t k = 0; k < kLanes; ++k) {
      ASSERT_EQ(means[k], CentredMovingAverage(signals[k], size)) << size << ", " << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, LanesTest, testing::Values(1, 2, 3, 5, 17, 40, 333));

TEST(MedianAcross, IsTheMedianAtEachSample) {
  for (const std::size_t samples : {1U, 3U, 4U, 10U, 451U}) {
    for (const std::size_t count : {1U, 2U, 3U, 8U, 13U}) {
      const std::vector<Signal> signals = Signals(count, samples);
      std::vector<const double*> places;
      for (const Signal& signal : signals) places.push_back(signal.data());
      Signal found(samples);
      MedianAcross(places.data(), count, samples, found.data());
      for (std::size_t i = 0; i < samples; ++i) {
        Signal values;
        for (const Signal& signal : signals) values.push_back(signal[i]);
        EXPECT_EQ(found[i], Median(values)) << i << " of " << samples << ", " << count;
      }
    }
  }
}

// The mean by its definition, in another order of summation.
TEST(CentredMovingAverageTest, IsTheMeanAroundEachSample) {
  for (const std::size_t samples : {1U, 2U, 9U, 50U}) {
    const Signal x = Signals(1, samples)[0];
    for (const int size : {2, 3, 8, 15, 49, 50, 51, 120}) {
      const Signal y = CentredMovingAverage(x, size);
      for (std::size_t i = 0; i < samples; ++i) {
        double sum = 0;
        for (int k = 0; k < size; ++k) {
          const int at = static_cast<int>(i) - size / 2 + k;
          sum += x[static_cast<std::size_t>(std::clamp(at, 0, static_cast<int>(samples) - 1))];
        }
        EXPECT_NEAR(y[i], sum / size, 1e-12) << i << " of " << samples << ", " << size;
      }
    }
  }
}

}  // namespace
}  // namespace ecg::dsp
