// How the samples of a recording are cut into the data records of an EDF file.
#pragma once

#include <cstddef>
#include <string>

namespace ecg::edf {

struct Layout {
  std::size_t samples = 0;  // of a lead in each data record
  std::size_t records = 0;
  std::string seconds;      // of a data record, as the header has it
  bool exact_rate = true;   // false: `seconds` has too few digits for the rate
  std::size_t padding = 0;  // samples at the end that nobody recorded
};

// Of the durations that a data record may have, within the 61,440 bytes that the specification
// recommends: one that gives the exact rate, then one that is not too short, then one with the
// least padding, then a second, then the longest. No samples where the field has room for none.
// `samples` > 0.
Layout ChooseLayout(std::size_t samples, double rate, std::size_t leads);

// A number without an exponent and with at most so many digits behind the point.
std::string PlainNumber(double value, int digits);

}  // namespace ecg::edf
