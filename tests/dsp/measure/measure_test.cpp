#include "ecg/dsp/measure/measure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace ecg::dsp {
namespace {

constexpr double kRate = 500;

struct Made {
  std::vector<std::string> names = {"I", "II", "V2"};
  std::vector<std::vector<double>> leads;
  std::vector<Beat> beats;
};

// Boxes for waves: P of 80 ms, QRS of 100 ms that begins 160 ms after it, T that ends 400 ms after
// the onset of QRS. The waves' vectors: P to 60 degrees, QRS to 90, T to 0. An offset in every
// lead.
Made Make(const std::vector<double>& rr) {
  Made made;
  std::size_t length = 1000;
  for (const double interval : rr) length += static_cast<std::size_t>(interval * kRate);
  made.leads.assign(3, std::vector<double>(length, 0.3));
  int r = 400;
  for (std::size_t b = 0; b <= rr.size(); ++b) {
    Beat beat;
    beat.qrs = {r - 20, r, r + 30};
    beat.p = {r - 100, r - 80, r - 60};
    beat.t = {r + 100, r + 140, r + 180};
    const auto fill = [&](const Wave& wave, double i, double ii) {
      for (int at = wave.onset + 1; at < wave.offset; ++at) {
        made.leads[0][static_cast<std::size_t>(at)] += i;
        made.leads[1][static_cast<std::size_t>(at)] += ii;
      }
    };
    const auto toward = [](double degrees, double lead) {
      return std::cos((degrees - lead) * M_PI / 180);
    };
    fill(beat.p, 0.1 * toward(60, 0), 0.1 * toward(60, 60));
    fill(beat.qrs, toward(90, 0), toward(90, 60));
    fill(beat.t, 0.3 * toward(0, 0), 0.3 * toward(0, 60));
    // V2: r, then S; ST raised by a tenth of a millivolt.
    for (int at = r - 10; at < r; ++at) made.leads[2][static_cast<std::size_t>(at)] += 0.2;
    for (int at = r + 1; at < r + 20; ++at) made.leads[2][static_cast<std::size_t>(at)] -= 0.9;
    for (int at = r + 30; at < r + 100; ++at) made.leads[2][static_cast<std::size_t>(at)] += 0.1;
    made.beats.push_back(beat);
    if (b < rr.size()) r += static_cast<int>(rr[b] * kRate);
  }
  return made;
}

TEST(Measure, IntervalsAxesAndAmplitudes) {
  const Made made = Make({0.8, 0.8, 0.8, 0.8});
  const Measurements m = Measure(made.names, made.leads, made.beats, {}, kRate);
  EXPECT_EQ(m.beats, 5u);
  EXPECT_DOUBLE_EQ(m.rr, 0.8);
  EXPECT_DOUBLE_EQ(m.heart_rate, 75);
  EXPECT_DOUBLE_EQ(m.p, 0.08);
  EXPECT_DOUBLE_EQ(m.pr, 0.16);
  EXPECT_DOUBLE_EQ(m.qrs, 0.1);
  EXPECT_DOUBLE_EQ(m.qt, 0.4);
  EXPECT_NEAR(m.qtc_bazett, 0.4472, 1e-4);
  EXPECT_NEAR(m.qtc_fridericia, 0.4309, 1e-4);
  EXPECT_NEAR(m.qtc_framingham, 0.4308, 1e-4);
  EXPECT_NEAR(m.qtc_hodges, 0.42625, 1e-9);
  EXPECT_NEAR(m.p_axis, 60, 1e-6);
  EXPECT_NEAR(m.qrs_axis, 90, 1e-6);
  EXPECT_NEAR(m.t_axis, 0, 1e-6);
  const Amplitudes& v2 = m.leads[2];
  EXPECT_NEAR(v2.r, 0.2, 1e-9);
  EXPECT_NEAR(v2.s, -0.9, 1e-9);
  EXPECT_NEAR(v2.st, 0.1, 1e-9);
  EXPECT_TRUE(std::isnan(v2.q));
  EXPECT_NEAR(m.leads[0].t, 0.3, 1e-9);
  EXPECT_EQ(m.median.qrs.onset, m.median.r - 20);
}

TEST(Measure, AnEarlyBeatDoesNotCountAndItsShapeIsNotSeen) {
  Made made = Make({0.8, 0.8, 0.5, 1.1, 0.8, 0.8});
  made.beats[3].qrs.onset -= 30;
  for (int i = 0; i < 80; ++i) {
    made.leads[0][static_cast<std::size_t>(made.beats[3].qrs.peak - 40 + i)] += 5;
  }
  const Measurements m = Measure(made.names, made.leads, made.beats, {}, kRate);
  EXPECT_DOUBLE_EQ(m.qrs, 0.1);
  EXPECT_NEAR(m.qrs_axis, 90, 1e-6);
}

TEST(Measure, AVentricularBeatDoesNotCountThoughItComesInTime) {
  Made made = Make({0.8, 0.8, 0.8, 0.8, 0.8});
  TypedBeats typed;
  typed.types.assign(6, BeatType::kNormal);
  typed.evidence.assign(6, {-2, -1, 0});
  for (const std::size_t b : {2u, 3u, 4u}) {
    typed.types[b] = BeatType::kVentricular;
    typed.evidence[b] = {std::nan(""), 0.5 * static_cast<double>(b), 0};
    made.beats[b].qrs.onset -= 30;
  }
  const Measurements m = Measure(made.names, made.leads, made.beats, typed, kRate);
  EXPECT_DOUBLE_EQ(m.qrs, 0.1);
  EXPECT_EQ(m.types, typed.types);
  EXPECT_EQ(m.early, -2);
  EXPECT_EQ(m.ventricular, 2);
}

TEST(Measure, WhatIsNotThereIsNotANumber) {
  Made made = Make({0.8, 0.8, 0.8});
  for (Beat& beat : made.beats) beat.p = {};
  const Measurements m = Measure({"V1", "V2", "V3"}, made.leads, made.beats, {}, kRate);
  EXPECT_TRUE(std::isnan(m.pr));
  EXPECT_TRUE(std::isnan(m.p_axis));
  EXPECT_TRUE(std::isnan(m.qrs_axis));
  EXPECT_TRUE(std::isnan(m.leads[0].p));
  EXPECT_FALSE(std::isnan(m.qt));
  const Measurements none = Measure({"I"}, {std::vector<double>(100, 0.0)}, {}, {}, kRate);
  EXPECT_EQ(none.beats, 0u);
  EXPECT_TRUE(std::isnan(none.heart_rate));
  const Measurements one = Measure({"I"}, {made.leads[0]}, {made.beats[1]}, {}, kRate);
  EXPECT_TRUE(std::isnan(one.qtc_bazett));
  EXPECT_DOUBLE_EQ(one.qrs, 0.1);
}

}  // namespace
}  // namespace ecg::dsp
