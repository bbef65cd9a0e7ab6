// The robust delineator on made-up leads.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/dsp/measure/delineate.h"
#include "tests/dsp/made_ecg.h"

namespace ecg::dsp {
namespace {

using Signal = std::vector<double>;
using test::kPToR;
using test::Made;
using test::MakeEcg;
using test::RToT;

TEST(Robust, SeesInvertedTAndNoPWhereThereIsNone) {
  const Made inverted = MakeEcg(500, 10, 0.8, 0.15, -0.3);
  for (const Beat& b : Delineate(inverted.signal, 500, Delineator::kRobust)) {
    EXPECT_NEAR(b.t.peak - b.qrs.peak, RToT(0.8) * 500, 10);
  }
  Made none = MakeEcg(500, 10, 0.8, 0.0);
  Rng rng({3});
  for (double& v : none.signal) v += rng.Normal(0, 0.01);
  for (const Beat& b : Delineate(none.signal, 500, Delineator::kRobust)) {
    EXPECT_EQ(b.p.peak, kMissing);
  }
}

TEST(Robust, BoundsEncloseTheWaves) {
  const Made made = MakeEcg(500, 10, 0.9);
  const std::vector<Beat> beats = Delineate(made.signal, 500, Delineator::kRobust);
  for (std::size_t i = 1; i + 1 < beats.size(); ++i) {
    const Beat& b = beats[i];
    const double r = made.r[i] * 500;
    EXPECT_NEAR(b.p.onset, r - (kPToR + 0.04) * 500, 12);
    EXPECT_NEAR(b.p.offset, r - (kPToR - 0.04) * 500, 12);
    EXPECT_NEAR(b.t.onset, r + (RToT(0.9) - 0.08) * 500, 15);
    EXPECT_NEAR(b.t.offset, r + (RToT(0.9) + 0.08) * 500, 15);
    EXPECT_NEAR(b.qrs.onset, r - 0.045 * 500, 15);
    EXPECT_NEAR(b.qrs.offset, r + 0.045 * 500, 15);
  }
}

// Complexes of Gaussian waves every 0.8 s from 0.5 s on, over small P and T waves.
struct Deflection {
  double at, width, mv;  // s after the middle of the complex
};
Signal MakeComplexes(const std::vector<Deflection>& complex) {
  Made made = MakeEcg(500, 10, 0.8);
  for (std::size_t i = 0; i < made.signal.size(); ++i) {
    const double t = static_cast<double>(i) / 500;
    made.signal[i] = 0;
    for (const double r : made.r) {
      const auto add = [&](const Deflection& d) {
        const double z = (t - r - d.at) / d.width;
        made.signal[i] += d.mv * std::exp(-0.5 * z * z);
      };
      for (const Deflection& d : complex) add(d);
      add({-0.18, 0.018, 0.1});
      add({0.3, 0.04, 0.25});
    }
  }
  return made.signal;
}

// R after the middle of the complex, in s, of the beats but the first and the last.
std::vector<double> RAfterMiddle(const std::vector<Beat>& beats) {
  std::vector<double> r;
  for (std::size_t i = 1; i + 1 < beats.size(); ++i) {
    r.push_back(beats[i].qrs.peak / 500.0 - 0.5 - 0.8 * static_cast<double>(i));
  }
  return r;
}

void ExpectR(const Signal& lead, double at, double tolerance) {
  const std::vector<double> r = RAfterMiddle(Delineate(lead, 500, Delineator::kRobust));
  EXPECT_EQ(r.size(), 10u);
  for (const double v : r) EXPECT_NEAR(v, at, tolerance);
}

TEST(Robust, MarksTheSummitThatStandsOut) {
  ExpectR(MakeComplexes({{-0.03, 0.008, 0.35}, {0, 0.01, -0.9}}), -0.03, 0.008);  // rS
  ExpectR(MakeComplexes({{-0.03, 0.008, -0.2}, {0, 0.01, 1.0}}), 0, 0.008);       // qR
  ExpectR(MakeComplexes({{-0.035, 0.008, 0.15}, {-0.01, 0.008, -0.3}, {0.03, 0.014, 0.9}}), 0.03,
          0.008);                                                                  // rsR'
  ExpectR(MakeComplexes({{-0.02, 0.01, 0.8}, {0.03, 0.01, 0.85}}), -0.02, 0.008);  // RR'
}

TEST(Robust, WeighsTheSummitsAroundADeepS) {
  // r and r' alike: within 50 ms of both.
  ExpectR(MakeComplexes({{-0.034, 0.007, 0.04}, {0, 0.012, -0.8}, {0.036, 0.007, 0.04}}), 0, 0.014);
  // A broad QS complex: within 50 ms of where it begins.
  ExpectR(MakeComplexes({{0, 0.032, -0.9}}), -0.04, 0.03);
}

TEST(Robust, CommonRIsNearEveryLeadsSummit) {
  std::vector<Signal> leads;
  for (int k = 0; k < 5; ++k) leads.push_back(MakeComplexes({{-0.04, 0.012, 0.8}}));
  leads.push_back(MakeComplexes({{0.04, 0.012, 0.8}}));
  for (int k = 0; k < 2; ++k) leads.push_back(MakeComplexes({{0.03, 0.012, 0.8}}));
  for (const double r : RAfterMiddle(DelineateRecord(leads, 500).common)) {
    EXPECT_NEAR(r, -0.04, 0.05);
    EXPECT_NEAR(r, 0.03, 0.05);
  }
}

TEST(Robust, DeadLeadsAndLeadOrderDoNotMatter) {
  const Made made = MakeEcg(500, 10, 0.8);
  Signal inverted = made.signal, small = made.signal;
  for (double& v : inverted) v = -v;
  for (double& v : small) v *= 0.4;
  const Signal flat(made.signal.size(), 1.0);
  const auto peaks = [](const std::vector<Beat>& beats) {
    std::vector<int> out;
    for (const Beat& b : beats) out.insert(out.end(), {b.p.peak, b.qrs.peak, b.t.peak});
    return out;
  };
  const RecordBeats a = DelineateRecord({made.signal, inverted, small}, 500);
  const RecordBeats b = DelineateRecord({small, flat, made.signal, Signal(7), inverted}, 500);
  EXPECT_EQ(a.common.size(), made.r.size());
  EXPECT_EQ(peaks(a.common), peaks(b.common));
  EXPECT_EQ(peaks(a.leads[0]), peaks(b.leads[2]));
  EXPECT_EQ(peaks(b.leads[1]), peaks(b.common));  // a flat lead repeats the common set
}

}  // namespace
}  // namespace ecg::dsp
