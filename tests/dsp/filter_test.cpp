#include "ecg/dsp/filter.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/dsp/golden.h"

namespace ecg::dsp {
namespace {

using test::ExpectNear;
using test::Golden;
using test::Wave;

TEST(Filter, ButterworthForwardAndBackwardIsSciPys) {
  const Json golden = Golden();
  const double rate = golden["rate"];
  const std::vector<double> x = Wave(golden["samples"]);
  ExpectNear(FiltFilt(ButterworthHighPass(5, 0.5, rate), x), golden["high_pass"], 1e-9);
  ExpectNear(FiltFilt(ButterworthLowPass(4, 15, rate), x), golden["low_pass"], 1e-12);
}

TEST(Filter, MovingAveragesAreSciPys) {
  const Json golden = Golden();
  const std::vector<double> x = Wave(golden["samples"]);
  ExpectNear(FiltFiltMovingAverage(x, 5), golden["moving_average"], 1e-12);
  ExpectNear(CentredMovingAverage(x, 6), golden["uniform_6"], 1e-12);
  ExpectNear(CentredMovingAverage(x, 7), golden["uniform_7"], 1e-12);
}

// |H| of one pass, squared by the second: half power becomes a quarter at the cutoff.
TEST(Filter, GainIsButterworths) {
  const double rate = 500, cutoff = 40;
  for (const int order : {1, 2, 3, 4, 5}) {
    for (const double hz : {10.0, 40.0, 90.0}) {
      std::vector<double> x(5000);
      for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = std::cos(2 * M_PI * hz * static_cast<double>(i) / rate);
      }
      const std::vector<double> y = FiltFilt(ButterworthLowPass(order, cutoff, rate), x);
      const double ratio = std::tan(M_PI * hz / rate) / std::tan(M_PI * cutoff / rate);
      EXPECT_NEAR(y[2500] / x[2500], 1 / (1 + std::pow(ratio, 2 * order)), 1e-6)
          << order << " " << hz;
    }
  }
}

TEST(Filter, AnyLengthIsAccepted) {
  for (std::size_t n = 0; n < 40; ++n) {
    const std::vector<double> x = Wave(n);
    EXPECT_EQ(FiltFilt(ButterworthHighPass(5, 0.5, 500), x).size(), n);
    EXPECT_EQ(FiltFiltMovingAverage(x, 10).size(), n);
    EXPECT_EQ(CentredMovingAverage(x, 50).size(), n);
    EXPECT_EQ(Gradient(x).size(), n);
  }
}

TEST(Filter, CutoffOutsideTheBandFiltersNothing) {
  const std::vector<double> x = Wave(50);
  EXPECT_EQ(FiltFilt(ButterworthLowPass(4, 60, 100), x), x);
  EXPECT_EQ(FiltFilt(ButterworthHighPass(4, 0, 100), x), x);
}

TEST(Filter, GapsTakeTheValueBefore) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(FillGaps({nan, 2, nan, inf, 3, nan}), (std::vector<double>{2, 2, 2, 2, 3, 3}));
  EXPECT_TRUE(FillGaps({nan, nan}).empty());
  EXPECT_TRUE(FillGaps({}).empty());
}

}  // namespace
}  // namespace ecg::dsp
