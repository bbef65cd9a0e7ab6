// How long something took, for people.
#pragma once

#include <string>

namespace ecg::report {

// As in "2 h 05 min", "3 min 20 s", "4.1 s"; "-" for what is no number.
std::string DurationText(double seconds);

}  // namespace ecg::report
