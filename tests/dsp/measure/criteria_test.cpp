#include "ecg/dsp/measure/criteria.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ecg::dsp {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Everything just at its limit.
struct Made {
  std::vector<std::string> names = {"I", "II", "V3"};
  Measurements values;

  Made() {
    values.heart_rate = 60;
    values.pr = 0.2;
    values.qrs = 0.115;
    values.qtc_fridericia = 0.45;
    values.qrs_axis = -30;
    values.median.qrs = {100, 120, 140};
    values.leads = {{kNaN, -0.1, 0.3, -0.1, 0, 0},
                    {kNaN, kNaN, 0.3, -0.2, 0, 0.2},
                    {kNaN, kNaN, 0.3, -0.8, 0, 0.4}};
  }
  double operator()(Criterion criterion) const { return Excess(criterion, names, values); }
};

TEST(Criteria, CountStepsBeyondTheLimit) {
  Made made;
  EXPECT_DOUBLE_EQ(made(Criterion::kSlowRate), 0);
  EXPECT_NEAR(made(Criterion::kLongPr), 0, 1e-12);
  EXPECT_NEAR(made(Criterion::kWideQrs), 0, 1e-12);
  EXPECT_NEAR(made(Criterion::kLongQt), 0, 1e-12);
  EXPECT_DOUBLE_EQ(made(Criterion::kLeftAxis), 0);
  EXPECT_NEAR(made(Criterion::kLowVoltage), 0, 1e-12);
  EXPECT_NEAR(made(Criterion::kPoorR), 0, 1e-12);
  EXPECT_NEAR(made(Criterion::kInvertedT), 0, 1e-12);
  EXPECT_NEAR(made(Criterion::kDeepQ), 0, 1e-12);  // 0.1 of 0.4 mV in I

  made.values.heart_rate = 40;
  made.values.pr = 0.28;
  made.values.qrs = 0.145;
  made.values.qtc_fridericia = 0.48;
  made.values.qrs_axis = -75;
  made.values.leads[0].t = -0.2;
  made.values.leads[1].q = -0.2;
  made.values.leads[2].r = kNaN;  // a QS complex
  EXPECT_DOUBLE_EQ(made(Criterion::kSlowRate), 2);
  EXPECT_DOUBLE_EQ(made(Criterion::kFastRate), -4);
  EXPECT_NEAR(made(Criterion::kLongPr), 2, 1e-12);
  EXPECT_NEAR(made(Criterion::kWideQrs), 2, 1e-12);
  EXPECT_NEAR(made(Criterion::kLongQt), 1, 1e-12);
  EXPECT_DOUBLE_EQ(made(Criterion::kLeftAxis), 1.5);
  EXPECT_NEAR(made(Criterion::kInvertedT), 2, 1e-12);
  EXPECT_NEAR(made(Criterion::kDeepQ), 1, 1e-12);  // 0.2 of 0.5 mV in II
  made.values.early = 1.25;
  made.values.ventricular = -7;
  EXPECT_EQ(made(Criterion::kEarlyBeat), 1.25);
  EXPECT_EQ(made(Criterion::kVentricularBeat), -3);  // cut off
  EXPECT_NEAR(made(Criterion::kPoorR), 1, 1e-12);

  for (Amplitudes& lead : made.values.leads) lead = {kNaN, kNaN, 0.25, kNaN, 0, 0.1};
  EXPECT_NEAR(made(Criterion::kLowVoltage), 1, 1e-12);
  EXPECT_NEAR(made(Criterion::kInvertedT), -1, 1e-12);
}

TEST(Criteria, AnAxisLeansToOneSide) {
  Made made;
  made.values.qrs_axis = 120;
  EXPECT_DOUBLE_EQ(made(Criterion::kRightAxis), 1);
  EXPECT_LT(made(Criterion::kLeftAxis), -2);
  made.values.qrs_axis = 170;
  EXPECT_GT(made(Criterion::kRightAxis), 2);
  EXPECT_LT(made(Criterion::kLeftAxis), 0);
  made.values.qrs_axis = -60;
  EXPECT_LT(made(Criterion::kRightAxis), 0);
}

TEST(Criteria, SayWhereTheyCannotTell) {
  Made made;
  EXPECT_TRUE(std::isnan(made(Criterion::kNone)));
  made.values.pr = kNaN;
  EXPECT_TRUE(std::isnan(made(Criterion::kLongPr)));
  made.names = {"aVR", "V1", "V2"};
  for (const Criterion criterion :
       {Criterion::kLowVoltage, Criterion::kPoorR, Criterion::kInvertedT, Criterion::kDeepQ}) {
    // aVR is a limb lead.
    EXPECT_EQ(std::isnan(made(criterion)), criterion != Criterion::kLowVoltage);
  }
  const Measurements none = Measure({"I"}, {std::vector<double>(100, 0.0)}, {}, {}, 100);
  for (const std::string& name : CriterionNames().Names()) {
    EXPECT_TRUE(std::isnan(Excess(*CriterionNames().Find(name), {"I"}, none))) << name;
  }
}

}  // namespace
}  // namespace ecg::dsp
