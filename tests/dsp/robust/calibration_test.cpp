// Calibration pulses are no heartbeats.
#include "src/dsp/robust/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/dsp/measure/delineate.h"
#include "tests/dsp/made_ecg.h"

namespace ecg::dsp {
namespace {

using Leads = std::vector<std::vector<double>>;

constexpr double kRate = 500;
constexpr double kPulseAt = 0.4, kPulseS = 0.2;  // in a second before the recording

// Leads with a second of silence before them; those of `heights` other than 0 have a pulse in it.
Leads WithPulse(const std::vector<double>& heights) {
  const std::vector<double> ecg = test::MakeEcg(kRate, 10, 0.8).signal;
  Leads leads;
  Rng rng({1});
  for (std::size_t k = 0; k < heights.size(); ++k) {
    std::vector<double> lead(static_cast<std::size_t>(kRate), 0.0);
    for (std::size_t i = 0; i < lead.size(); ++i) {
      const double t = static_cast<double>(i) / kRate;
      if (t >= kPulseAt && t < kPulseAt + kPulseS) lead[i] += heights[k];
    }
    const double scale = k % 3 == 2 ? -0.6 : 1 - 0.2 * static_cast<double>(k);
    for (const double v : ecg) lead.push_back(scale * v + rng.Normal(0, 0.005));
    leads.push_back(lead);
  }
  return leads;
}

std::vector<int> BeatsOf(const Leads& leads) {
  std::vector<int> at;
  for (const Beat& beat : DelineateRecord(leads, kRate).common) at.push_back(beat.qrs.peak);
  return at;
}

TEST(CalibrationPulse, IsNoHeartbeat) {
  EXPECT_EQ(BeatsOf(WithPulse({1, 1, 1, 1})), BeatsOf(WithPulse({0, 0, 0, 0})));
  EXPECT_EQ(BeatsOf(WithPulse({0.95, 0.95, 0.95})), BeatsOf(WithPulse({0, 0, 0})));
}

TEST(CalibrationPulse, OfOtherShapesStays) {
  const std::vector<std::vector<double>> others = {{1, 1},       // two leads may well see the same
                                                   {1, 1, 0.5},  // not the same in all leads
                                                   {1, 1, -1},   // as a heart does
                                                   {1, 1, 0},   {0.5, 0.5, 0.5},  // not 1 mV
                                                   {2, 2, 2}};
  for (const std::vector<double>& heights : others) {
    Leads leads = WithPulse(heights);
    const Leads before = leads;
    robust::LevelCalibrationPulses(&leads, kRate);
    EXPECT_EQ(leads, before) << heights[0] << ' ' << heights.back();
  }
  // A top that is not flat, as of a paced or a wide complex.
  Leads sloped = WithPulse({1, 1, 1});
  for (std::vector<double>& lead : sloped) {
    for (int i = 0; i < 100; ++i) lead[200 + static_cast<std::size_t>(i)] -= 0.001 * i;
  }
  const Leads before = sloped;
  robust::LevelCalibrationPulses(&sloped, kRate);
  EXPECT_EQ(sloped, before);
}

TEST(CalibrationPulse, BecomesItsBaseline) {
  Leads leads = WithPulse({1, 1, 1});
  for (double& v : leads[1]) v += 0.3;
  leads.emplace_back(leads[0].size(), 0.0);  // a lead that is off
  const Leads before = leads;
  robust::LevelCalibrationPulses(&leads, kRate);
  EXPECT_NEAR(leads[0][250], 0, 1e-12);
  EXPECT_NEAR(leads[1][250], 0.3, 1e-12);
  EXPECT_EQ(leads[3], before[3]);
  for (std::size_t i = 500; i < leads[0].size(); ++i) ASSERT_EQ(leads[0][i], before[0][i]) << i;
}

TEST(CalibrationPulse, TakesAnySignal) {
  for (const std::size_t samples : {0, 1, 2, 3, 50, 1000}) {
    Leads leads(4, std::vector<double>(samples, 1.0));
    for (std::size_t k = 0; k < leads.size() && samples > 1; ++k) leads[k][0] = 0;
    const Leads before = leads;
    robust::LevelCalibrationPulses(&leads, kRate);
    EXPECT_EQ(leads, before);
  }
}

}  // namespace
}  // namespace ecg::dsp
