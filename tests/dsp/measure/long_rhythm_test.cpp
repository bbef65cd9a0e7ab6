#include "ecg/dsp/measure/long_rhythm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/random.h"

namespace ecg::dsp {
namespace {

// A rhythm, put together beat by beat.
class Made {
 public:
  Made& Regular(double seconds, double interval, BeatType type = BeatType::kNormal) {
    for (const double end = now_ + seconds; now_ + interval < end;) Beat(interval, type);
    return *this;
  }
  Made& Irregular(double seconds, double interval) {
    for (const double end = now_ + seconds; now_ + interval < end;) {
      Beat(interval * rng_.Uniform(0.6, 1.4));
    }
    return *this;
  }
  Made& Beat(double interval, BeatType type = BeatType::kNormal) {
    now_ += interval;
    beats_.push_back({now_, type});
    return *this;
  }
  double now() const { return now_; }
  const std::vector<LongBeat>& beats() const { return beats_; }

 private:
  Rng rng_{7};
  double now_ = 0;
  std::vector<LongBeat> beats_;
};

std::vector<Episode> Of(EpisodeKind kind, const std::vector<Episode>& episodes) {
  std::vector<Episode> own;
  std::copy_if(episodes.begin(), episodes.end(), std::back_inserter(own),
               [kind](const Episode& episode) { return episode.kind == kind; });
  return own;
}

std::vector<Episode> Find(EpisodeKind kind, const Made& made,
                          const std::vector<Span>& unreadable = {},
                          const std::vector<RhythmWindow>& windows = {}) {
  return Of(kind, FindEpisodes(made.beats(), windows, unreadable, made.now() + 1));
}

TEST(LongRhythm, APauseLiesBetweenTwoBeats) {
  Made made;
  made.Regular(60, 0.8).Beat(2.5).Regular(60, 0.8).Beat(1.9).Regular(60, 0.8);
  const auto pauses = Find(EpisodeKind::kPause, made);
  ASSERT_EQ(pauses.size(), 1u);
  EXPECT_NEAR(pauses[0].span.Length(), 2.5, 1e-9);
  EXPECT_EQ(pauses[0].beats, 0u);
  // Across what cannot be read nobody knows.
  const Span inside = {pauses[0].span.from + 1, pauses[0].span.from + 1.5};
  EXPECT_TRUE(Find(EpisodeKind::kPause, made, {inside}).empty());
}

TEST(LongRhythm, ThreeVentricularBeatsAreARun) {
  Made made;
  made.Regular(60, 0.8);
  for (int k = 0; k < 2; ++k) made.Beat(0.4, BeatType::kVentricular);
  made.Regular(60, 0.8);
  for (int k = 0; k < 3; ++k) made.Beat(0.4, BeatType::kVentricular);
  made.Regular(60, 0.8);
  const auto runs = Find(EpisodeKind::kVentricularRun, made);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].beats, 3u);
  EXPECT_NEAR(runs[0].rate, 150, 1e-6);
}

TEST(LongRhythm, AnAtrialRunComesAtOnce) {
  Made made;
  made.Regular(60, 0.8);
  for (int k = 0; k < 6; ++k) made.Beat(0.42);
  made.Regular(60, 0.8);
  // A walk: as fast in the end, but little by little.
  for (double interval = 0.8; interval > 0.4; interval -= 0.01) made.Beat(interval);
  made.Regular(60, 0.4);
  const auto runs = Find(EpisodeKind::kAtrialRun, made);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].beats, 6u);
}

TEST(LongRhythm, FibrillationBeginsAndEndsWhereTheOrderDoes) {
  Made made;
  made.Regular(600, 0.8);
  const double from = made.now();
  made.Irregular(300, 0.6);
  const double to = made.now();
  made.Regular(600, 0.8);
  // Medians of ten beats on either side tell the place to within half of them.
  constexpr double kFiveBeats = 5 * 0.8;
  const auto alone = Find(EpisodeKind::kFibrillation, made);
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_NEAR(alone[0].span.from, from, kFiveBeats);
  EXPECT_NEAR(alone[0].span.to, to, kFiveBeats);
  EXPECT_TRUE(Find(EpisodeKind::kAtrialRun, made).empty());

  // A classifier that finds it nowhere is believed, and so is one that finds it.
  std::vector<RhythmWindow> windows;
  for (double at = 0; at < made.now(); at += 10) windows.push_back({{at, at + 10}, 0.1, 0.5});
  EXPECT_TRUE(Find(EpisodeKind::kFibrillation, made, {}, windows).empty());
  for (RhythmWindow& window : windows) window.fibrillation = 0.9;
  const auto both = Find(EpisodeKind::kFibrillation, made, {}, windows);
  ASSERT_EQ(both.size(), 1u);
  EXPECT_NEAR(both[0].span.from, from, kFiveBeats);
}

TEST(LongRhythm, WhatIsBriefOrOnlyEctopicIsNoFibrillation) {
  Made brief;
  brief.Regular(300, 0.8).Irregular(15, 0.6).Regular(300, 0.8);
  EXPECT_TRUE(Find(EpisodeKind::kFibrillation, brief).empty());
  Made ectopic;
  for (int k = 0; k < 100; ++k) {
    ectopic.Regular(8, 0.8).Beat(0.5, BeatType::kVentricular).Beat(1.1);
  }
  EXPECT_TRUE(Find(EpisodeKind::kFibrillation, ectopic).empty());
}

TEST(LongRhythm, MinutesAndExtremes) {
  Made made;
  made.Regular(300, 1.0).Regular(120, 0.5).Regular(300, 1.5);
  const auto minutes = MinutesOf(made.beats(), {}, made.now());
  EXPECT_NEAR(minutes[1].rate, 60, 0.5);
  EXPECT_NEAR(minutes[6].rate, 120, 0.5);
  EXPECT_NEAR(minutes[9].rate, 40, 0.5);
  EXPECT_NEAR(minutes[9].most, 40, 0.5);
  const auto fastest = Find(EpisodeKind::kFastestMinute, made);
  ASSERT_EQ(fastest.size(), 1u);
  EXPECT_NEAR(fastest[0].rate, 120, 0.5);
  const auto slowest = Find(EpisodeKind::kSlowestMinute, made);
  ASSERT_EQ(slowest.size(), 1u);
  EXPECT_NEAR(slowest[0].rate, 40, 0.5);
  EXPECT_TRUE(std::isnan(MinutesOf(made.beats(), {{60, 100}}, made.now())[1].rate));
}

TEST(LongRhythm, VariabilityIsThatOfNormalIntervals) {
  Made made;
  for (int k = 0; k < 100; ++k) made.Beat(k % 2 == 0 ? 0.75 : 0.85);
  const Variability variability = VariabilityOf(made.beats(), {});
  EXPECT_NEAR(variability.sdnn, 0.05, 1e-3);
  EXPECT_NEAR(variability.rmssd, 0.1, 1e-9);
  EXPECT_TRUE(std::isnan(VariabilityOf({}, {}).sdnn));
}

TEST(LongRhythm, TakesWhateverThereIs) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(FindEpisodes({}, {}, {}, 0).empty());
  EXPECT_TRUE(FindEpisodes({{1, BeatType::kNormal}}, {{{0, 10}, nan, 0.5}}, {{0, 10}}, 10).empty());
  EXPECT_TRUE(MinutesOf({}, {}, 0).empty());
  Made all;
  all.Regular(100, 0.5, BeatType::kVentricular);
  EXPECT_EQ(Find(EpisodeKind::kVentricularRun, all).size(), 1u);
}

}  // namespace
}  // namespace ecg::dsp
