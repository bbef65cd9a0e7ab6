// What a reader measures as one row of numbers, for what learns from them.
#pragma once

#include <string>
#include <vector>

#include "ecg/dsp/measure/measure.h"

namespace ecg::dsp {

// Rate (1/min), P, PR, QRS, QT and QTc by Fridericia (s), cosine and sine of the axes of P, QRS and
// T, the most evidence of any beat for being early or ventricular, and of each of `leads` the
// amplitudes of P, Q, R, S, ST and T (mV). NaN where it cannot be told, as of a wave or a lead that
// is not there. `names` are those of measured.leads.
std::vector<double> MeasurementVector(const std::vector<std::string>& leads,
                                      const std::vector<std::string>& names,
                                      const Measurements& measured);

// How many these are.
std::size_t MeasurementCount(std::size_t leads);

}  // namespace ecg::dsp
