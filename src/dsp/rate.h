// Which sampling rates an ECG can have.
#pragma once

namespace ecg::dsp {

inline constexpr double kMaxRateHz = 1e6;

inline bool IsUsableRate(double fs) { return fs > 0 && fs <= kMaxRateHz; }  // false for NaN

}  // namespace ecg::dsp
