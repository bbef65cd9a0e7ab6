// NeuroKit2's delineators.
#pragma once

#include <vector>

#include "ecg/dsp/beats.h"

namespace ecg::dsp::neurokit {

// The waves around the R peaks, which ascend, of a cleaned lead: a beat for each.
std::vector<Beat> DelineatePeak(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                                double fs);
std::vector<Beat> DelineateDwt(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                               double fs);

}  // namespace ecg::dsp::neurokit
