#include "ecg/dsp/find_peaks.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/random.h"
#include "tests/dsp/golden.h"

namespace ecg::dsp {
namespace {

TEST(FindPeaks, PeaksAndProminencesAreSciPys) {
  const Json golden = test::Golden();
  std::vector<double> x = test::Wave(golden["samples"]);
  for (double& v : x) v = std::nearbyint(4 * v) / 4;  // flat tops
  const std::vector<int> peaks = LocalMaxima(x);
  EXPECT_EQ(Json(peaks), golden["peaks"]);
  std::vector<double> prominences;
  for (const int peak : peaks) prominences.push_back(Prominence(x.data(), x.size(), peak));
  test::ExpectNear(prominences, golden["prominences"], 0);
}

TEST(FindPeaks, FirstAndLastAreThoseOfAll) {
  Rng rng({7});
  for (int round = 0; round < 2000; ++round) {
    std::vector<double> x(rng.Below(12));
    for (double& v : x) v = static_cast<double>(rng.Below(4));
    const std::vector<int> all = LocalMaxima(x);
    EXPECT_EQ(FirstLocalMaximum(x.data(), x.size()), all.empty() ? -1 : all.front());
    EXPECT_EQ(LastLocalMaximum(x.data(), x.size()), all.empty() ? -1 : all.back());
  }
}

TEST(FindPeaks, NanIsNoPeakAndEndsAProminence) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {0, 1, nan, 1, 3, 1, nan, 5, 0};
  EXPECT_EQ(LocalMaxima(x), std::vector<int>{4});
  EXPECT_EQ(Prominence(x.data(), x.size(), 4), 2);
}

}  // namespace
}  // namespace ecg::dsp
