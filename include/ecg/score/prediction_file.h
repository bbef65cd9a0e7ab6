// The challenge's prediction CSV: one file a recording, four lines - `#` and the record's name,
// class codes, 0/1 decisions, scores - reading and writing in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/result.h"

namespace ecg::score {

// What one file says. The three vectors have the same length.
struct Prediction {
  std::string record;                   // without the '#'
  std::vector<std::string> classes;     // SNOMED CT codes; equivalent ones may share "a|b"
  std::vector<std::uint8_t> decisions;  // 0 or 1
  std::vector<double> scores;           // finite, higher = more likely
};

// The prediction of a model that knows `classes`: every code of a class gets its own column.
// `decisions` and `scores` have classes.size() entries.
Prediction MakePrediction(std::string record, const std::uint8_t* decisions, const float* scores,
                          const std::vector<challenge::DiagnosisClass>& classes);

// The four lines. Scores are written with the fewest digits that read back as the same double.
std::string FormatPrediction(const Prediction& prediction);

// A decision is 1 where its entry is a number equal to 1 or one of True, true, T, t, else 0; a
// score that is no finite number counts as 0; blanks around entries and lines after the fourth are
// passed over. An error: fewer than four lines, or fewer decisions or scores than classes. `file`
// is only named in errors.
Result<Prediction> ParsePrediction(std::string_view text, const std::string& file);

// Whose rules a file is read by.
enum class PredictionRules {
  k2021,          // as ParsePrediction; equivalent codes: any decision, mean score
  kOfficial2020,  // lines found by their contents instead of their position; only 1, True, true, T
                  // and t are positive; infinite scores stay; bad formatting is all negative
};

// What is worth telling about a file that was read; a set of bits.
enum PredictionNote : unsigned {
  kEmptyPrediction = 1u << 0,  // no class at all: a run that failed
  kNoScoredClass = 1u << 1,    // classes, but none that is scored
  kScoreNotFinite = 1u << 2,   // the score of a scored class is no finite number
  kOddDecision = 1u << 3,      // the decision of a scored class is neither true nor false
  kUnequalLines = 1u << 4,     // more decisions or scores than classes
  kBadlyFormatted = 1u << 5,   // kOfficial2020 only: read as all negative
};

// Reads many files into the rows of a class set. Remembers the columns of the last file, as most
// files of a folder name the same classes. One object a thread.
class PredictionReader {
 public:
  PredictionReader(const challenge::ClassSet& classes, PredictionRules rules);

  // Fills decisions and scores, [classes] each; classes that the file does not name become 0.
  // Gives a set of PredictionNote bits, or the errors of ParsePrediction (which name no file here)
  // with the row as it was.
  Result<unsigned> Read(std::string_view text, std::uint8_t* decisions, double* scores);

 private:
  struct Lines {
    std::string_view classes, decisions, scores;
  };
  Result<unsigned> ReadRow(const Lines& lines, std::uint8_t* decisions, double* scores);
  void LearnColumns(std::string_view class_line);

  const challenge::ClassSet& classes_;
  PredictionRules rules_;
  std::string class_line_;
  bool learned_ = false;
  std::size_t columns_ = 0;                                  // entries of class_line_
  std::vector<std::pair<std::size_t, std::size_t>> scored_;  // (column, class), by column
  std::vector<std::string_view> decision_entries_, score_entries_;
  std::vector<double> sums_;
  std::vector<unsigned> counts_;
  std::string unix_text_;
};

}  // namespace ecg::score
