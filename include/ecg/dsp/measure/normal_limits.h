// Within which limits a measurement is normal, for whom, and who says so.
#pragma once

#include <limits>
#include <optional>
#include <string_view>

namespace ecg::dsp {

struct NormalLimits {
  const char* measurement;  // as infer::MeasurementsOf names it
  double low;               // NaN: none; normal from here
  double high;              // NaN: none; normal up to here
  bool high_is_abnormal;    // "below `high`" rather than "up to"
  double youngest;          // years; whom it is for
  double oldest;            // not reached
  char sex;                 // 'F', 'M', or 'A': anybody
  const char* source;
};

// Of somebody of this age and sex; nullptr where no limits are known to us. Somebody whose age is
// not known is taken as an adult; where sex counts and is not known, the wider limits are given.
const NormalLimits* FindNormalLimits(std::string_view measurement, std::optional<double> age,
                                     std::optional<char> sex);

}  // namespace ecg::dsp
