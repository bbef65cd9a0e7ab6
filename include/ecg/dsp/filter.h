// Filters without phase shift: each runs over the signal forward and backward.
//
// All functions take any signal. A signal shorter than the padding that a filter wants is padded
// with what it has; an empty one gives an empty result.
#pragma once

#include <vector>

namespace ecg::dsp {

// A second-order section: y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2].
struct Section {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

// Butterworth filters by the bilinear transform with prewarping, as sections of unit gain in the
// middle of the pass band (Oppenheim and Schafer, Discrete-Time Signal Processing, ch. 7). A cutoff
// outside (0, fs/2) gives no section, which filters nothing.
std::vector<Section> ButterworthHighPass(int order, double cutoff_hz, double fs);
std::vector<Section> ButterworthLowPass(int order, double cutoff_hz, double fs);

// The sections forward and backward, over a signal extended at both ends by its point reflection;
// each pass starts in the steady state of its first sample. The padding is that of SciPy's
// sosfiltfilt: three times the number of taps.
std::vector<double> FiltFilt(const std::vector<Section>& sections, const std::vector<double>& x);

// A moving average over `length` samples, forward and backward, extended as above by 3 * length
// samples. A length below 2 returns the signal as it is.
std::vector<double> FiltFiltMovingAverage(const std::vector<double>& x, int length);

// The mean of the `size` samples around each sample, with the signal's first and last value beyond
// its ends; an even size takes one more sample before than after (scipy.ndimage.uniform_filter1d,
// mode "nearest").
std::vector<double> CentredMovingAverage(const std::vector<double>& x, int size);

// Central differences, one-sided at the ends (numpy.gradient).
std::vector<double> Gradient(const std::vector<double>& x);

// Replaces samples that are not finite by the last finite one before, at the start by the first
// finite one. Without any finite sample the result is empty.
std::vector<double> FillGaps(const std::vector<double>& x);

}  // namespace ecg::dsp
