// How well episodes are found: each as a whole, and by their time.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/dsp/measure/long_rhythm.h"

namespace ecg::score {

struct EpisodeTally {
  std::size_t reference = 0;  // episodes that there are
  std::size_t found = 0;      // of them those that any detection overlaps
  std::size_t detected = 0;
  std::size_t false_alarms = 0;    // detections that overlap none
  double reference_seconds = 0;    // of all of them
  double detected_seconds = 0;     // of all detections
  double overlapping_seconds = 0;  // of both

  // NaN where nothing is divided by nothing.
  double Sensitivity() const;
  double TimeSensitivity() const;  // the share of the episodes' time that is detected
  double TimePredictivity() const;
};

// Both lists ascend and overlap nothing of their own. Two that come within `tolerance` seconds of
// each other overlap, but in time only as far as they do.
EpisodeTally MatchEpisodes(const std::vector<dsp::Span>& reference,
                           const std::vector<dsp::Span>& detected, double tolerance);

// Which of the reference episodes no detection overlaps, as places in the list.
std::vector<std::size_t> MissedEpisodes(const std::vector<dsp::Span>& reference,
                                        const std::vector<dsp::Span>& detected, double tolerance);

}  // namespace ecg::score
