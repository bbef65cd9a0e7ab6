#include "ecg/score/rhythm_score.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::score {
namespace {

using dsp::BeatType;
using dsp::EpisodeKind;

TEST(Episodes, OverlapIsWhatCounts) {
  const std::vector<dsp::Span> reference = {{10, 20}, {50, 60}, {100, 101}};
  const std::vector<dsp::Span> detected = {{15, 25}, {70, 80}, {101.5, 102}};
  const EpisodeTally tally = MatchEpisodes(reference, detected, 1);
  EXPECT_EQ(tally.reference, 3u);
  EXPECT_EQ(tally.found, 2u);
  EXPECT_EQ(tally.detected, 3u);
  EXPECT_EQ(tally.false_alarms, 1u);
  EXPECT_DOUBLE_EQ(tally.overlapping_seconds, 5);
  EXPECT_DOUBLE_EQ(tally.TimeSensitivity(), 5.0 / 21);
  EXPECT_DOUBLE_EQ(tally.TimePredictivity(), 5.0 / 20.5);
  EXPECT_EQ(MissedEpisodes(reference, detected, 1), std::vector<std::size_t>{1});
  EXPECT_TRUE(std::isnan(MatchEpisodes({}, {}, 1).Sensitivity()));
}

TEST(Episodes, OneDetectionMayFindSeveral) {
  const EpisodeTally tally = MatchEpisodes({{1, 2}, {3, 4}, {5, 6}}, {{0, 10}}, 0);
  EXPECT_EQ(tally.found, 3u);
  EXPECT_EQ(tally.false_alarms, 0u);
  EXPECT_DOUBLE_EQ(tally.overlapping_seconds, 3);
}

TEST(Rhythm, IsScoredByAnnotatedBeatsAndRhythms) {
  RhythmTruth truth;
  for (int k = 0; k < 10; ++k) truth.beats.push_back({1.0 * k, BeatType::kNormal});
  for (int k = 0; k < 3; ++k) truth.beats.push_back({9.4 + 0.4 * k, BeatType::kVentricular});
  truth.beats.push_back({13, BeatType::kNormal});
  truth.fibrillation = {{20, 60}};
  const auto episodes = EpisodesOf(truth);
  ASSERT_EQ(episodes.size(), 3u);
  EXPECT_EQ(episodes[1].kind, EpisodeKind::kPause);
  EXPECT_EQ(episodes[2].kind, EpisodeKind::kVentricularRun);
  EXPECT_EQ(episodes[2].beats, 3u);

  std::vector<dsp::LongBeat> found = truth.beats;
  for (auto& beat : found) beat.at += 0.1;
  found[3].at += 0.1;                      // too far
  found[10].type = BeatType::kNormal;      // not called so
  found[0].type = BeatType::kVentricular;  // wrongly called so
  const RhythmScore score = ScoreRhythm(truth, found, {episodes[1], episodes[2]});
  EXPECT_EQ(score.beats.found, 13u);
  EXPECT_EQ(score.ventricular.reference, 3u);
  EXPECT_EQ(score.ventricular.found, 2u);
  EXPECT_EQ(score.ventricular.detected, 3u);
  ASSERT_EQ(score.missed.size(), 1u);
  EXPECT_EQ(score.missed[0].kind, EpisodeKind::kFibrillation);
  EXPECT_EQ(score.episodes.at(1).second.found, 1u);
}

}  // namespace
}  // namespace ecg::score
