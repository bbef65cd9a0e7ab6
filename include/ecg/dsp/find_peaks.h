// Local maxima and their prominence, as scipy.signal defines them.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp {

// Indices of the samples that are higher than both neighbours; of a flat top the middle one (the
// left of two). The first and the last sample are never peaks. A NaN is never part of a peak.
std::vector<int> LocalMaxima(const double* x, std::size_t count);
std::vector<int> LocalMaxima(const std::vector<double>& x);

// The first and the last of these; -1 where there is none.
int FirstLocalMaximum(const double* x, std::size_t count);
int LastLocalMaximum(const double* x, std::size_t count);

// How far x[peak] stands above the higher of the two lowest points that lie between it and the next
// higher sample (or the signal's end, or a NaN) on either side.
double Prominence(const double* x, std::size_t count, int peak);

}  // namespace ecg::dsp
