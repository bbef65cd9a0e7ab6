#include "ecg/dsp/wavelet.h"

#include "ecg/dsp/spline.h"
#include "tests/dsp/golden.h"

namespace ecg::dsp {
namespace {

TEST(Wavelet, DetailsAreThoseOfPlainConvolutions) {
  const Json golden = test::Golden();
  WaveletBank bank;
  bank.Transform(test::Wave(1000), 3, 2);  // buffers that an earlier signal has filled
  bank.Transform(test::Wave(120), 0, 4);
  for (int level = 0; level < 4; ++level) {
    test::ExpectNear(bank.Detail(level), golden["details"][static_cast<std::size_t>(level)], 1e-12);
  }
  bank.Transform(test::Wave(120), 2, 2);
  test::ExpectNear(bank.Detail(0), golden["details"][2], 1e-12);
  test::ExpectNear(bank.Detail(1), golden["details"][3], 1e-12);
}

TEST(Wavelet, ShortSignalsAreAccepted) {
  WaveletBank bank;
  for (std::size_t n = 0; n < 20; ++n) {
    bank.Transform(test::Wave(n), 4, 2);
    EXPECT_EQ(bank.Detail(1).size(), n);
  }
}

TEST(Spline, ZoomIsSciPys) {
  const Json golden = test::Golden();
  std::vector<double> y = SplineZoom(test::Wave(100), 370);
  test::ExpectNear(y, golden["zoom_370_of_100"], 1e-12);
  y = SplineZoom(test::Wave(100), 61, std::move(y));
  test::ExpectNear(y, golden["zoom_61_of_100"], 1e-12);
}

TEST(Spline, ZoomOfShortSignals) {
  EXPECT_TRUE(SplineZoom({}, 10, {1}).empty());
  EXPECT_EQ(SplineZoom({2}, 3), (std::vector<double>{2, 2, 2}));
  const std::vector<double> y = SplineZoom({1, 3}, 3);
  ASSERT_EQ(y.size(), 3u);
  EXPECT_NEAR(y[0], 1, 1e-12);
  EXPECT_NEAR(y[1], 2, 1e-12);
  EXPECT_NEAR(y[2], 3, 1e-12);
}

TEST(Spline, MeanOfInversePchipIsSciPys) {
  const Json golden = test::Golden();
  EXPECT_NEAR(
      MeanOfInversePchip({20, 61, 95, 150, 188}, {0.41, 0.39, 0.34, 0.55, 0.38}, golden["samples"]),
      golden["mean_of_inverse_pchip"].get<double>(), 1e-12);
}

}  // namespace
}  // namespace ecg::dsp
