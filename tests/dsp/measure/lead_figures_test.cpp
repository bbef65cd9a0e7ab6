// Figures of made signals against what they must be.
#include "src/dsp/measure/lead_figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "ecg/core/random.h"

namespace ecg::dsp {
namespace {

LeadFigures Of(const std::vector<float>& lead, double rate) {
  return FiguresOf(ExtractOf(lead, rate), rate);
}

std::vector<float> Sine(double mv, double hz, double seconds, double rate) {
  std::vector<float> x(static_cast<std::size_t>(seconds * rate));
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(mv * std::sin(2 * M_PI * hz * static_cast<double>(i) / rate));
  }
  return x;
}

// In the middle 90 % of the time a sine moves by 2 sin(0.45 pi) of its amplitude; a mean over T of
// a frequency f leaves sin(pi f T) / (pi f T) of it.
TEST(LeadFigures, WanderIsThatOfTheBaseline) {
  const double expected = 2 * 2 * std::sin(0.45 * M_PI) * std::sin(0.1 * M_PI) / (0.1 * M_PI);
  for (const double rate : {100.0, 257.0, 500.0, 1000.0}) {
    EXPECT_NEAR(Of(Sine(2, 0.1, 100, rate), rate).wander, expected, 0.02 * expected) << rate;
    EXPECT_LT(Of(Sine(2, 5, 100, rate), rate).wander, 0.03 * expected) << rate;
  }
}

// Of a sine the means over 20 ms and the short mean leave known shares, whose root mean square is
// that of a sine in every block but for how it falls on it.
TEST(LeadFigures, NoiseIsWhatIsFast) {
  EXPECT_LT(Of(Sine(1, 0.5, 10, 500), 500).noise, 0.01);
  // 20 Hz at 50 Hz: means over 20 ms leave 0.757, the mean of three 1.618 as much is left.
  const double share = std::sin(0.4 * M_PI) / (0.4 * M_PI);
  const double slow = share * (1 - (1 + 2 * std::cos(0.8 * M_PI)) / 3);
  const double fast_share = std::sin(0.16 * M_PI) / (0.16 * M_PI);
  const double fast = fast_share * (1 - std::sin(0.16 * M_PI * 7) / (7 * std::sin(0.16 * M_PI)));
  const double expected = std::hypot(slow, 0.5 * fast) / std::sqrt(2);
  for (const double rate : {500.0, 1000.0}) {
    EXPECT_NEAR(Of(Sine(1, 20, 10, rate), rate).noise, expected, 0.05 * expected) << rate;
  }
  // Hum is in what is fast alone.
  const double hum_share = std::sin(0.4 * M_PI) / (0.4 * M_PI);
  const double hum = hum_share * (1 - std::sin(0.4 * M_PI * 7) / (7 * std::sin(0.4 * M_PI)));
  EXPECT_NEAR(Of(Sine(1, 50, 10, 500), 500).noise, 0.5 * std::abs(hum) / std::sqrt(2), 0.02);
}

TEST(LeadFigures, SilenceIsWhatIsMissingOrStands) {
  const double rate = 500;
  std::vector<float> lead = Sine(0.5, 7, 10, rate);
  EXPECT_EQ(Of(lead, rate).silent, 0);
  for (std::size_t i = 2000; i < 3500; ++i) lead[i] = 0.2F;  // three seconds
  EXPECT_NEAR(Of(lead, rate).silent, 0.3, 1e-12);
  for (std::size_t i = 0; i < 1000; ++i) lead[i] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NEAR(Of(lead, rate).silent, 0.5, 1e-12);
  std::vector<float> pauses = Sine(0.5, 7, 10, rate);  // of one second
  for (std::size_t i = 0; i < pauses.size(); ++i) pauses[i] *= i / 500 % 2 == 0 ? 1.0F : 0.0F;
  EXPECT_EQ(Of(pauses, rate).silent, 0);
  EXPECT_EQ(Of(std::vector<float>(100, 1.0F), rate).silent, 1);
  EXPECT_EQ(Of({}, rate).silent, 1);
}

TEST(LeadFigures, QualityIsHalvedByAThirdOfSilence) {
  LeadFigures figures;
  figures.wander = 0.1;
  figures.noise = 0.01;
  figures.silent = 0;
  const double whole = QualityOf(figures);
  EXPECT_NEAR(whole,
              1 / (1 + std::exp(-(kQualityWeights.bias + kQualityWeights.wander * std::log(0.1) +
                                  kQualityWeights.noise * std::log(0.01)))),
              1e-12);
  figures.silent = 1.0 / 3;
  EXPECT_NEAR(QualityOf(figures), whole / 2, 1e-12);
  figures.silent = 0.8;
  EXPECT_EQ(QualityOf(figures), 0);
}

TEST(LeadFigures, OfSeveralLeadsTheWorstSilenceAndTheMeansCount) {
  const LeadFigures together = Together({{0.1, 1, 0.02}, {0.4, 3, 0.04}});
  EXPECT_EQ(together.silent, 0.4);
  EXPECT_NEAR(together.wander, 2, 1e-12);
  EXPECT_NEAR(together.noise, 0.03, 1e-12);
  EXPECT_EQ(QualityOf(Together({})), 0);
}

}  // namespace
}  // namespace ecg::dsp
