// Cleaning one ECG lead and finding its R peaks as NeuroKit2's method "neurokit" does.
// (Makowski et al. 2021, doi:10.3758/s13428-020-01516-y)
#pragma once

#include <vector>

namespace ecg::dsp {

// Without baseline wander (Butterworth high-pass of order 5 at 0.5 Hz, forward and backward) and
// powerline hum (moving average over one 50 Hz period, forward and backward). Samples that are not
// finite are filled first. mV in, mV out, the same length; empty where no sample is finite or the
// rate is outside (0, 1 MHz].
std::vector<double> CleanEcg(const std::vector<double>& signal, double fs);

// Sample indices of the R peaks of a cleaned lead, ascending: in each stretch whose smoothed
// absolute gradient exceeds 1.5 times its own average over 0.75 s, the most prominent maximum.
std::vector<int> FindRPeaks(const std::vector<double>& clean, double fs);

}  // namespace ecg::dsp
