// The intervals between beats.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/dsp/beats.h"

namespace ecg::dsp {

// In seconds, from each beat to the next: one fewer than there are beats.
inline std::vector<double> RrIntervals(const std::vector<Beat>& beats, double fs) {
  std::vector<double> intervals;
  for (std::size_t b = 1; b < beats.size(); ++b) {
    intervals.push_back((beats[b].qrs.peak - beats[b - 1].qrs.peak) / fs);
  }
  return intervals;
}

}  // namespace ecg::dsp
