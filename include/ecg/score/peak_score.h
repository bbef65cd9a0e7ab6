// How well detected peaks agree with reference peaks.
#pragma once

#include <array>
#include <cstddef>
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
  // where there is none.
  double Sensitivity() const;
  double PositivePredictivity() const;
};
using PeakTallies = std::array<PeakTally, dsp::kPeakTypes>;  // by PeakType

// Adds a recording. Both lists are in ascending order of their samples, `rate` is in Hz. Within a
// type, each reference peak in turn takes the nearest detection that is still free.
void AddPeaks(const std::vector<dsp::Peak>& reference, const std::vector<dsp::Peak>& detected,
              double rate, PeakTallies& tallies);

}  // namespace ecg::score
