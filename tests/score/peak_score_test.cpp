#include "ecg/score/peak_score.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::score {
namespace {

using dsp::Peak;
using dsp::PeakType;

const PeakTally& Of(const PeakTallies& tallies, PeakType type) {
  return tallies[static_cast<std::size_t>(type)];
}

TEST(PeakScore, CountsWithinTheTolerancesOfEachType) {
  PeakTallies tallies{};
  // 500 Hz: R within 25 samples, P and T within 50.
  const std::vector<Peak> reference = {
      {100, PeakType::kP}, {200, PeakType::kR}, {300, PeakType::kT}, {600, PeakType::kR}};
  const std::vector<Peak> detected = {{150, PeakType::kP},
                                      {225, PeakType::kR},
                                      {351, PeakType::kT},
                                      {574, PeakType::kR},
                                      {900, PeakType::kR}};
  AddPeaks(reference, detected, 500, tallies);
  EXPECT_EQ(Of(tallies, PeakType::kP).matched, 1u);
  EXPECT_EQ(Of(tallies, PeakType::kT).matched, 0u);
  const PeakTally& r = Of(tallies, PeakType::kR);
  EXPECT_EQ(r.matched, 1u);  // 574 is 26 samples away
  EXPECT_DOUBLE_EQ(r.Sensitivity(), 0.5);
  EXPECT_DOUBLE_EQ(r.PositivePredictivity(), 1.0 / 3);
  EXPECT_TRUE(std::isnan(Of(tallies, PeakType::kQ).Sensitivity()));
  // Where nobody marked S, those that were detected are neither right nor wrong.
  AddPeaks({{10, PeakType::kR}}, {{10, PeakType::kR}, {30, PeakType::kS}}, 500, tallies);
  EXPECT_EQ(Of(tallies, PeakType::kS).detected, 1u);
  EXPECT_TRUE(std::isnan(Of(tallies, PeakType::kS).PositivePredictivity()));
  AddPeaks({{10, PeakType::kR}}, {{10, PeakType::kR}}, 500, tallies);
  EXPECT_EQ(r.matched, 3u);
  EXPECT_EQ(r.reference, 4u);
  EXPECT_EQ(r.detected, 5u);
}

TEST(PeakScore, ADetectionCountsOnce) {
  PeakTallies tallies{};
  // The first reference takes the nearer of both; the second finds it taken and takes the other.
  AddPeaks({{100, PeakType::kR}, {110, PeakType::kR}}, {{90, PeakType::kR}, {104, PeakType::kR}},
           1000, tallies);
  EXPECT_EQ(Of(tallies, PeakType::kR).matched, 2u);
  PeakTallies one{};
  AddPeaks({{100, PeakType::kR}, {110, PeakType::kR}}, {{105, PeakType::kR}}, 1000, one);
  EXPECT_EQ(Of(one, PeakType::kR).matched, 1u);
}

}  // namespace
}  // namespace ecg::score
