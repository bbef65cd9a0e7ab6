#include "ecg/dsp/measure/measurement_vector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ecg::dsp {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(MeasurementVector, HoldsWhatIsMeasuredInTheOrderOfTheLeadsAskedFor) {
  Measurements measured;
  measured.heart_rate = 70;
  measured.p = 0.1;
  measured.pr = kNaN;
  measured.qrs = 0.09;
  measured.qt = 0.4;
  measured.qtc_fridericia = 0.42;
  measured.p_axis = 90;
  measured.qrs_axis = 180;
  measured.t_axis = kNaN;
  measured.early = -7;
  measured.ventricular = 0.5;
  measured.leads = {{0.1, -0.1, 1, -0.2, 0.05, 0.3}, {0.2, kNaN, 2, -0.4, 0.1, 0.6}};
  const std::vector<std::string> asked = {"V1", "V6", "I"};
  const std::vector<double> values = MeasurementVector(asked, {"I", "V1"}, measured);
  ASSERT_EQ(values.size(), MeasurementCount(asked.size()));
  const std::vector<double> expected = {70,   0.1,  kNaN, 0.09, 0.4,  0.42,  // rate and intervals
                                        0,    1,    -1,   0,    kNaN, kNaN, -3, 0.5,  // axes; beats
                                        0.2,  kNaN, 2,    -0.4, 0.1,  0.6,            // V1
                                        kNaN, kNaN, kNaN, kNaN, kNaN, kNaN,  // V6 is not there
                                        0.1,  -0.1, 1,    -0.2, 0.05, 0.3};  // I
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(values[i])) << i;
    } else {
      EXPECT_NEAR(values[i], expected[i], 1e-12) << i;
    }
  }
}

}  // namespace
}  // namespace ecg::dsp
