// The challenge's prediction CSV: one file a recording, four lines - `#` and the record's name,
// class codes, 0/1 decisions, scores - reading and writing in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/result.h"

namespace ecg::data {

// What one file says. The three vectors have the same length.
struct Prediction {
  std::string record;                   // without the '#'
  std::vector<std::string> classes;     // SNOMED CT codes; equivalent ones may share "a|b"
  std::vector<std::uint8_t> decisions;  // 0 or 1
  std::vector<double> scores;           // finite, higher = more likely
};

// The prediction of a model that knows `classes`: every code of a class gets its own column. Where
// all 26 classes of 2021 are among them, these alone are written: such a file is the challenge's,
// and tables hold what else the model says. `decisions` and `scores` have classes.size() entries.
// An error: a score that is not finite, with the record as file and the class as field.
Result<Prediction> MakePrediction(std::string record, const std::uint8_t* decisions,
                                  const float* scores,
                                  const std::vector<challenge::DiagnosisClass>& classes);

// The four lines. Scores are written with the fewest digits that read back as the same double.
std::string FormatPrediction(const Prediction& prediction);

// A decision is 1 where its entry is a number equal to 1 or one of True, true, T, t, else 0; a
// score that is no finite number counts as 0; blanks around entries and lines after the fourth are
// passed over. An error: fewer than four lines, or fewer decisions or scores than classes. `file`
// is only named in errors.
Result<Prediction> ParsePrediction(std::string_view text, const std::string& file);

}  // namespace ecg::data
