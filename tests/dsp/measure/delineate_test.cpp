#include "ecg/dsp/measure/delineate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ecg/core/random.h"
#include "ecg/dsp/r_peaks.h"
#include "tests/dsp/made_ecg.h"

namespace ecg::dsp {
namespace {

constexpr Delineator kAll[] = {Delineator::kPeak, Delineator::kDwt, Delineator::kRobust};
using Signal = std::vector<double>;
using test::kPToR;
using test::Made;
using test::MakeEcg;
using test::RToT;

void ExpectWave(const Wave& wave, int samples) {
  for (const int i : {wave.onset, wave.peak, wave.offset}) {
    EXPECT_GE(i, kMissing);
    EXPECT_LT(i, samples);
  }
  if (wave.peak == kMissing) {
    EXPECT_EQ(wave.onset, kMissing);
    EXPECT_EQ(wave.offset, kMissing);
  }
  if (wave.onset != kMissing) {
    EXPECT_LE(wave.onset, wave.peak);
  }
  if (wave.offset != kMissing) {
    EXPECT_GE(wave.offset, wave.peak);
  }
}

// What Delineate promises of every method.
void ExpectSound(const std::vector<Beat>& beats, std::size_t count) {
  const int samples = static_cast<int>(count);
  int last_r = -1;
  for (const Beat& b : beats) {
    ASSERT_GT(b.qrs.peak, last_r);
    last_r = b.qrs.peak;
    ExpectWave(b.p, samples);
    ExpectWave(b.qrs, samples);
    ExpectWave(b.t, samples);
    if (b.p.peak != kMissing) {
      EXPECT_LT(b.p.peak, b.qrs.peak);
    }
    if (b.t.peak != kMissing) {
      EXPECT_GT(b.t.peak, b.qrs.peak);
    }
    if (b.q != kMissing) {
      EXPECT_GE(b.q, 0);
      EXPECT_LT(b.q, b.qrs.peak);
    }
    if (b.s != kMissing) {
      EXPECT_LT(b.s, samples);
      EXPECT_GT(b.s, b.qrs.peak);
    }
  }
}

// What DelineateRecord and KeepOrder promise on top: everything in one ascending row.
void ExpectOrdered(const std::vector<Beat>& beats) {
  int last = -1;
  for (const Beat& b : beats) {
    for (const int i : {b.p.peak, b.q, b.qrs.peak, b.s, b.t.peak}) {
      if (i == kMissing) continue;
      ASSERT_GT(i, last);
      last = i;
    }
  }
}

void ExpectBoundsOrdered(const std::vector<Beat>& beats) {
  int last = -1;
  for (const Beat& b : beats) {
    for (const int i : {b.p.onset, b.p.peak, b.p.offset, b.qrs.onset, b.q, b.qrs.peak, b.s,
                        b.qrs.offset, b.t.onset, b.t.peak, b.t.offset}) {
      if (i == kMissing) continue;
      ASSERT_GE(i, last);
      last = i;
    }
  }
}

void ExpectTotal(const Signal& signal, double fs) {
  for (const Delineator method : kAll) {
    std::vector<Beat> beats = Delineate(signal, fs, method);
    ExpectSound(beats, signal.size());
    beats = KeepOrder(std::move(beats));
    ExpectOrdered(beats);
    ExpectSound(beats, signal.size());
  }
  const RecordBeats record = DelineateRecord({signal, Signal(signal.size(), 0.0), signal}, fs);
  ASSERT_EQ(record.leads.size(), 3u);
  ExpectSound(record.common, signal.size());
  ExpectOrdered(record.common);
  ExpectBoundsOrdered(record.common);
  for (const auto& lead : record.leads) {
    ASSERT_EQ(lead.size(), record.common.size());
    ExpectOrdered(lead);
    ExpectBoundsOrdered(lead);
  }
}

TEST(Delineate, FindsTheWavesOfAPlainEcg) {
  for (const double fs : {125.0, 250.0, 500.0, 1000.0, 2000.0}) {
    for (const double rr : {0.6, 0.8, 1.1}) {
      const Made made = MakeEcg(fs, 10, rr);
      for (const Delineator method : kAll) {
        const std::vector<Beat> beats = Delineate(made.signal, fs, method);
        ASSERT_EQ(beats.size(), made.r.size()) << fs << " " << rr;
        for (std::size_t i = 1; i + 1 < beats.size(); ++i) {
          EXPECT_NEAR(beats[i].qrs.peak / fs, made.r[i], 0.009);
          EXPECT_NEAR(beats[i].p.peak / fs, made.r[i] - kPToR, 0.02);
          EXPECT_NEAR(beats[i].t.peak / fs, made.r[i] + RToT(rr), 0.02);
          EXPECT_NEAR(beats[i].q / fs, made.r[i] - 0.03, 0.02);
          EXPECT_NEAR(beats[i].s / fs, made.r[i] + 0.03, 0.02);
        }
      }
    }
  }
}

TEST(Delineate, TeacherTakesTheFirstLeadThatSpeaks) {
  const Made made = MakeEcg(500, 10, 0.8);
  const Signal flat(made.signal.size(), 0.0);
  const auto want = Delineate(made.signal, 500, Delineator::kDwt);
  const auto got = TeacherBeats({flat, made.signal}, 500, Delineator::kDwt);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i].qrs.peak, want[i].qrs.peak);
  EXPECT_TRUE(TeacherBeats({flat, flat}, 500, Delineator::kRobust).empty());
  EXPECT_TRUE(TeacherBeats({}, 500, Delineator::kDwt).empty());
}

TEST(Delineate, AroundGivenPeaksIgnoresThoseOutsideAndOutOfOrder) {
  const Made made = MakeEcg(500, 10, 0.8);
  const Signal clean = CleanEcg(made.signal, 500);
  const std::vector<int> given = {-4, 250, 650, 640, 1050, 100000};
  for (const Delineator method : kAll) {
    const std::vector<Beat> beats = DelineateAround(clean, given, 500, method);
    ASSERT_EQ(beats.size(), 3u);
    ExpectSound(beats, clean.size());
  }
}

TEST(Delineate, EmptyShortAndFlatSignals) {
  for (const std::size_t n : {0, 1, 2, 3, 5, 10, 50, 200, 700}) {
    ExpectTotal(Signal(n, 0.0), 500);
    ExpectTotal(Signal(n, 60.0), 500);
    Signal ramp(n);
    for (std::size_t i = 0; i < n; ++i) ramp[i] = static_cast<double>(i);
    ExpectTotal(ramp, 500);
    Signal square(n);
    for (std::size_t i = 0; i < n; ++i) square[i] = i / 40 % 2 ? 1.0 : 0.0;
    ExpectTotal(square, 500);
  }
  EXPECT_TRUE(Delineate(Signal(5000, 0.0), 500, Delineator::kRobust).empty());
  EXPECT_TRUE(Delineate({}, 500, Delineator::kDwt).empty());
}

TEST(Delineate, GapsSpikesAndAbsurdValues) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Signal x = MakeEcg(500, 10, 0.8).signal;
  for (std::size_t i = 1000; i < 2500; ++i) x[i] = nan;
  x[0] = x[4999] = nan;
  x[3000] = std::numeric_limits<double>::infinity();
  ExpectTotal(x, 500);
  ExpectTotal(Signal(5000, nan), 500);
  for (double& v : x) v *= 60;
  ExpectTotal(x, 500);
  x[3000] = 1e300;
  x[3500] = -1e300;
  ExpectTotal(x, 500);
  Signal tiny = MakeEcg(500, 10, 0.8).signal;
  for (double& v : tiny) v *= 1e-9;
  ExpectTotal(tiny, 500);
}

TEST(Delineate, AnyRate) {
  Rng rng({11});
  for (const double fs : {1e-3, 0.5, 5.0, 20.0, 50.0, 99.0, 100.0, 257.3, 10000.0, 1e7}) {
    ExpectTotal(MakeEcg(std::min(fs, 1e4), 10, 0.8).signal, fs);
    Signal noise(3000);
    for (double& v : noise) v = rng.Normal();
    ExpectTotal(noise, fs);
  }
  for (const double fs : {0.0, -500.0, std::numeric_limits<double>::quiet_NaN(),
                          std::numeric_limits<double>::infinity()}) {
    for (const Delineator method : kAll) {
      EXPECT_TRUE(Delineate(MakeEcg(500, 10, 0.8).signal, fs, method).empty());
    }
  }
}

TEST(Delineate, NoiseOfEveryColour) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng({seed});
    const auto n = static_cast<std::size_t>(rng.Below(4000));
    const double pull = rng.Uniform(), rate = std::exp(rng.Uniform(3, 8));
    Signal x(n);
    double level = 0;
    for (double& v : x) v = level = pull * level + rng.Normal();
    if (seed % 3 == 0) {
      for (double& v : x) v = std::nearbyint(v);  // plateaus
    }
    ExpectTotal(x, rate);
  }
}

}  // namespace
}  // namespace ecg::dsp
