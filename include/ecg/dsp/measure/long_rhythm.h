// What the heartbeats of hours say of its rhythm: rates and episodes.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/dsp/measure/beat_type.h"

namespace ecg::dsp {

struct LongBeat {
  double at = 0;  // s from the start of the recording, of its R peak
  BeatType type = BeatType::kNormal;
};

struct Span {
  double from = 0, to = 0;  // s
  double Length() const { return to - from; }
};

// What a classifier says of a short window.
struct RhythmWindow {
  Span span;
  double fibrillation = 0;  // its probability; NaN where nothing can be said
  double threshold = 0.5;   // from which on it counts as found
};

enum class EpisodeKind {
  kFibrillation,
  kPause,
  kVentricularRun,
  kAtrialRun,
  kFastestMinute,
  kSlowestMinute,
};

// As in "atrial fibrillation".
const EnumTable<EpisodeKind>& EpisodeNames();

struct Episode {
  EpisodeKind kind = EpisodeKind::kPause;
  Span span;              // from its first beat to its last; of a pause between two beats
  std::size_t beats = 0;  // in it
  double rate = 0;        // beats a minute in it
};

// The limits that people use; see FindEpisodes.
inline constexpr double kPauseSeconds = 2;
inline constexpr std::size_t kRunBeats = 3;
inline constexpr double kFibrillationSeconds = 30;  // ESC 2020, doi:10.1093/eurheartj/ehaa612

// Episodes by kind, of a kind by time. Beats ascend, as do the spans in which nothing can be read,
// across which nothing is measured.
//
// Fibrillation: windows whose intervals are irregular (the median of their successive relative
// differences is above 7 %) and in which the classifier finds it; it goes on while one of both
// holds, with half the threshold, and over gaps of half a minute; it begins and ends at the beats
// where the regularity changes most; what is shorter than kFibrillationSeconds is none. Without a
// classifier's windows irregularity decides alone, of 12 %.
//
// A pause: two beats more than kPauseSeconds apart. A run: kRunBeats ventricular beats or more in a
// row, or so many others that come at once at less than four fifths of the interval before, above
// 100 a minute, outside fibrillation. The fastest and the slowest minute: of all that can be read
// from end to end.
std::vector<Episode> FindEpisodes(const std::vector<LongBeat>& beats,
                                  const std::vector<RhythmWindow>& windows,
                                  const std::vector<Span>& unreadable, double duration);

// One minute of the day, or what there is of it.
struct RhythmMinute {
  double rate = 0;             // beats a minute, mean; NaN where less than half can be read
  double least = 0, most = 0;  // of four beats in a row; NaN likewise
  std::size_t beats = 0, ventricular = 0, atrial = 0;
};
std::vector<RhythmMinute> MinutesOf(const std::vector<LongBeat>& beats,
                                    const std::vector<Span>& unreadable, double duration);

// Of intervals between two normal beats in a row, in s: standard deviation, and root mean square of
// successive differences. NaN where there are less than three.
struct Variability {
  double sdnn = 0;
  double rmssd = 0;
};
Variability VariabilityOf(const std::vector<LongBeat>& beats, const std::vector<Span>& unreadable);

}  // namespace ecg::dsp
