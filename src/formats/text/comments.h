// What the comment lines of exported tables say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecg/record/ecg_record.h"

namespace ecg::text {

struct Said {
  double sampling_rate = 0;          // Hz; 0: not said
  std::string units;                 // of all columns; empty: not said
  std::vector<std::string> names;    // of all columns; empty: not said
  std::vector<std::string> signals;  // those of them that are signals; empty: all
  std::string device;
  std::optional<double> age;
  std::optional<record::Sex> sex;
};

// Lines "key: value", "key = value" and BioSPPy's "key:= value", and the JSON of OpenSignals.
Said ReadComments(const std::vector<std::string>& comments);

}  // namespace ecg::text
