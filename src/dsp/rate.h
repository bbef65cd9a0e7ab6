// Which sampling rates an ECG can have, and durations in samples.
#pragma once

#include <algorithm>
#include <cmath>

namespace ecg::dsp {

inline constexpr double kMaxRateHz = 1e6;

inline bool IsUsableRate(double fs) { return fs > 0 && fs <= kMaxRateHz; }  // false for NaN

// A duration in samples, at least one.
inline int Samples(double seconds, double fs) {
  return std::max(1, static_cast<int>(std::lround(seconds * fs)));
}

}  // namespace ecg::dsp
