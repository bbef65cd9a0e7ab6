#include "ecg/score/wave_score.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::score {
namespace {

using dsp::kMissing;
using dsp::Wave;

TEST(CompareWaves, MatchesTheNearestOnceAndCountsTheErrors) {
  dsp::Waves reference, detected;
  reference[1] = {{90, 100, 110}, {590, 600, kMissing}, {kMissing, 1100, 1110}};
  // The second lies 76 samples off: 152 ms at 500 Hz, too far for EC57. Two detections claim the
  // third.
  detected[1] = {{92, 101, 107}, {600, 676, 690}, {1090, 1098, 1120}, {1101, 1130, 1140}};
  const WaveTallies tallies = CompareWaves(reference, detected, 500);
  const WaveTally& qrs = tallies[1];
  EXPECT_EQ(qrs.peaks.reference, 3u);
  EXPECT_EQ(qrs.peaks.detected, 4u);
  EXPECT_EQ(qrs.peaks.matched, 2u);
  EXPECT_EQ(qrs.onset.count, 1u);
  EXPECT_DOUBLE_EQ(qrs.onset.Mean(), 4);
  EXPECT_EQ(qrs.offset.count, 2u);
  EXPECT_DOUBLE_EQ(qrs.offset.Mean(), (-6 + 20) / 2.0);
  EXPECT_DOUBLE_EQ(qrs.offset.StandardDeviation(), 13);
  EXPECT_DOUBLE_EQ(qrs.offset.ShareWithin(), 0.5);  // 11.6 ms
  EXPECT_DOUBLE_EQ(qrs.peak.Mean(), (2 - 4) / 2.0);
  EXPECT_TRUE(std::isnan(tallies[0].onset.Mean()));
}

TEST(CompareWaves, WhereNobodyLookedNothingCounts) {
  dsp::Waves reference, detected;
  reference[1] = {{kMissing, 1000, kMissing}, {kMissing, 2000, kMissing}};
  reference[2] = {{kMissing, 1150, kMissing}};
  detected[0] = {{kMissing, 920, kMissing}, {kMissing, 1920, kMissing}};
  detected[1] = {{kMissing, 10, kMissing}, {kMissing, 995, kMissing}, {kMissing, 2004, kMissing}};
  detected[2] = {{kMissing, 1150, kMissing}, {kMissing, 2150, kMissing}};
  const WaveTallies tallies = CompareWaves(reference, detected, 500);
  EXPECT_EQ(tallies[0].peaks.detected, 1u);
  EXPECT_EQ(tallies[1].peaks.detected, 2u);
  EXPECT_EQ(tallies[1].peaks.matched, 2u);
  EXPECT_EQ(tallies[2].peaks.detected, 1u);
}

TEST(SumUp, IntervalsAreOverRecordings) {
  WaveTallies good, bad;
  good[0].peaks = {10, 10, 10};
  bad[0].peaks = {0, 10, 5};
  const auto same = SumUp({good, good, good});
  EXPECT_EQ(same[0].sensitivity.low, 1);
  EXPECT_EQ(same[0].tally.peaks.matched, 30u);
  const auto mixed = SumUp({good, bad});  // each sample: both good, both bad, or one of each
  EXPECT_EQ(mixed[0].sensitivity.low, 0);
  EXPECT_EQ(mixed[0].sensitivity.high, 1);
  EXPECT_DOUBLE_EQ(mixed[0].tally.peaks.Sensitivity(), 0.5);
  EXPECT_TRUE(std::isnan(SumUp({})[1].sensitivity.low));
}

}  // namespace
}  // namespace ecg::score
