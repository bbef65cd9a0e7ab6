#include "ecg/dsp/measure/normal_limits.h"

#include <gtest/gtest.h>

namespace ecg::dsp {
namespace {

TEST(NormalLimits, DependOnAgeAndSex) {
  EXPECT_EQ(FindNormalLimits("heart_rate_bpm", 40, 'F')->high, 100);
  EXPECT_EQ(FindNormalLimits("heart_rate_bpm", 4, 'F'), nullptr);
  EXPECT_EQ(FindNormalLimits("qtc_bazett_ms", 40, 'M')->high, 450);
  EXPECT_EQ(FindNormalLimits("qtc_bazett_ms", 40, 'F')->high, 460);
  EXPECT_EQ(FindNormalLimits("qrs_ms", 40, 'F')->high, 110);
  EXPECT_EQ(FindNormalLimits("qrs_ms", 10, 'F')->high, 100);
  EXPECT_EQ(FindNormalLimits("qrs_ms", 1, 'M')->high, 90);
  EXPECT_EQ(FindNormalLimits("beats", 40, 'M'), nullptr);
}

TEST(NormalLimits, OfWhoIsNotKnownAreTheWiderOnesOfAdults) {
  EXPECT_EQ(FindNormalLimits("qtc_bazett_ms", {}, {})->high, 460);
  EXPECT_EQ(FindNormalLimits("pr_ms", {}, {})->high, 200);
  EXPECT_STREQ(FindNormalLimits("pr_ms", {}, {})->source, "AHA/ACCF/HRS 2009, part III");
}

}  // namespace
}  // namespace ecg::dsp
