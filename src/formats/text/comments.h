// What the comment lines of exported tables say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ecg/record/ecg_record.h"

namespace ecg::text {

struct Said {
  double sampling_rate = 0;          // Hz; 0: not said
  std::string units;                 // of all columns; empty: not said
  std::vector<std::string> names;    // of all columns; empty: not said
  std::vector<std::string> signals;  // those of them that are signals; empty: all
  record::EcgInfo info;              // age, sex, Dx, source, device, filters, statements
};

// The first line of tables that we write, by which they are known whatever follows.
inline constexpr std::string_view kOwnFirstLine = "# ECG, a column a lead";

// Lines "key: value", "key = value" and BioSPPy's "key:= value", and the JSON of OpenSignals.
Said ReadComments(const std::vector<std::string>& comments);

}  // namespace ecg::text
