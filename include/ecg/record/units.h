// Units of voltages.
#pragma once

#include <string_view>

namespace ecg::record {

// Millivolts in one unit of a voltage: V, mV, uV and nV in any case, with the micro sign in UTF-8
// or Latin-1, and as words or parts of words, as in "mVolt" and "microvolts". 0 for other
// quantities.
double MillivoltsPer(std::string_view units);

}  // namespace ecg::record
