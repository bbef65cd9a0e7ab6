// Units of voltages.
#pragma once

#include <string_view>

namespace ecg::record {

// Millivolts in one unit of a voltage ("mV", "uV", "V", "nV" in any case); 0 for other quantities.
double MillivoltsPer(std::string_view units);

}  // namespace ecg::record
