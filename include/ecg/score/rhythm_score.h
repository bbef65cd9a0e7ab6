// A long recording's beats and episodes against annotations.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "ecg/dsp/measure/long_rhythm.h"
#include "ecg/score/episode_score.h"

namespace ecg::score {

// What somebody has annotated, or a simulator knows.
struct RhythmTruth {
  std::vector<dsp::LongBeat> beats;     // ascending
  std::vector<dsp::Span> fibrillation;  // ascending
};

// Episodes as the annotations have them: fibrillation as it is annotated; pauses between annotated
// beats; runs of beats that are annotated ventricular, or atrial.
std::vector<dsp::Episode> EpisodesOf(const RhythmTruth& truth);

struct BeatTally {
  std::size_t reference = 0;  // beats of a type, or all
  std::size_t found = 0;      // of them those that were found and called so
  std::size_t detected = 0;   // that were called so

  double Sensitivity() const;
  double PositivePredictivity() const;
};

struct RhythmScore {
  std::vector<std::pair<dsp::EpisodeKind, EpisodeTally>> episodes;  // the four kinds that happen
  std::vector<dsp::Episode> missed;
  BeatTally beats, ventricular, atrial;
};

// Episodes match where they come within a second of each other (MatchEpisodes), beats within 150 ms
// (ANSI/AAMI EC57).
RhythmScore ScoreRhythm(const RhythmTruth& truth, const std::vector<dsp::LongBeat>& beats,
                        const std::vector<dsp::Episode>& episodes);

}  // namespace ecg::score
