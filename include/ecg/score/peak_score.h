// How well detected peaks agree with reference peaks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ecg/dsp/peaks.h"

namespace ecg::score {

// Largest distance at which a detection counts: R 50 ms, the other waves 100 ms.
double PeakToleranceSeconds(dsp::PeakType type);

// Counts over any number of recordings.
struct PeakTally {
  std::size_t matched = 0;
  std::size_t reference = 0;
  std::size_t detected = 0;

  // Share of the reference peaks that were detected, and of the detections that are right; NaN
  // where there is none. Where the reference has no peak at all, nobody marked that kind, and
  // neither says anything.
  double Sensitivity() const;
  double PositivePredictivity() const;
};
using PeakTallies = std::array<PeakTally, dsp::kPeakTypes>;  // by PeakType

// For each reference sample the detected one that it matches, as its place in the list; nothing
// where none within `tolerance` samples is free. Both lists ascend; each reference sample in turn
// takes the nearest.
std::vector<std::optional<std::size_t>> MatchNearest(const std::vector<std::int32_t>& reference,
                                                     const std::vector<std::int32_t>& detected,
                                                     double tolerance);

// Adds a recording. Both lists are in ascending order of their samples, `rate` is in Hz. Within a
// type they match as MatchNearest has it.
void AddPeaks(const std::vector<dsp::Peak>& reference, const std::vector<dsp::Peak>& detected,
              double rate, PeakTallies& tallies);

}  // namespace ecg::score
