// Time-stamped lists of annotations (TAL) of EDF+ and BDF+.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::edf {

struct TimedTexts {
  double onset = 0;  // seconds from the start of the file
  std::vector<std::string> texts;
};

// The lists in the annotation signal of one data record; stops at the first that is damaged. The
// first list's onset is that of the data record.
std::vector<TimedTexts> ParseAnnotations(std::string_view bytes);

}  // namespace ecg::edf
