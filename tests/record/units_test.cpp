#include "ecg/record/units.h"

#include <gtest/gtest.h>

namespace ecg::record {
namespace {

TEST(Units, KnowsEverySpellingOfAVoltage) {
  for (const char* mv :
       {"mV", "mv", "MV", "mVolt", "mvolts", "millivolt", "Millivolts", "milliV"}) {
    EXPECT_EQ(MillivoltsPer(mv), 1) << mv;
  }
  for (const char* uv : {"uV", "UV", "uVolt", "uvolts", "microvolt", "microVolts", "microV",
                         "\xC2\xB5V", "\xCE\xBCV", "\xB5V", "\xC2\xB5volt", "\xCE\xBCVolts"}) {
    EXPECT_EQ(MillivoltsPer(uv), 1e-3) << uv;
  }
  for (const char* v : {"V", "v", "Volt", "volts", " V "}) EXPECT_EQ(MillivoltsPer(v), 1e3) << v;
  for (const char* nv : {"nV", "nVolt", "nanovolt", "nanovolts"}) {
    EXPECT_EQ(MillivoltsPer(nv), 1e-6) << nv;
  }
}

TEST(Units, KnowsNoOtherQuantity) {
  for (const char* other : {"", "m", "milli", "adu", "NU", "mmHg", "pm", "mVs", "mVoltss", "mmV",
                            "voltm", "kV", "millimicrovolt", "\xC2V", "\xB5", "mA"}) {
    EXPECT_EQ(MillivoltsPer(other), 0) << other;
  }
}

}  // namespace
}  // namespace ecg::record
