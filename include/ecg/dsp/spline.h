// Cubic spline interpolation.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp {

// The cubic B-spline through the samples (mirrored about both ends), evaluated at `count` points
// spread evenly from the first sample to the last: point i lies at i (n - 1) / (count - 1). These
// are the values of scipy.ndimage.zoom with order 3. (Unser et al. 1993, doi:10.1109/78.193220)
// An empty signal gives an empty one. The result takes the memory of `reused`, whose values do not
// matter.
std::vector<double> SplineZoom(const std::vector<double>& x, std::size_t count,
                               std::vector<double> reused = {});

// The mean over t = 0 .. length - 1 of 1 / y(t), where y is the monotone piecewise cubic through
// (at[i], y[i]) (PCHIP; Fritsch and Butland 1984, doi:10.1137/0905021), constant before the first
// and after the last point. `at` ascends strictly and has at least two points; all y positive.
double MeanOfInversePchip(const std::vector<int>& at, const std::vector<double>& y,
                          std::size_t length);

}  // namespace ecg::dsp
