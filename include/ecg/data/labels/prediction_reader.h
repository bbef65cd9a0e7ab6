// Reading prediction files in great number, as scorers do: into rows of a class set, and with notes
// of what was odd instead of errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/core/result.h"

namespace ecg::data {

// Whose rules a file is read by.
enum class PredictionRules {
  kSensible,      // as kOfficial2021, and classes are named as challenge::ReadDx has it
  kOfficial2021,  // as ParsePrediction; equivalent codes: any decision, mean score
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

}  // namespace ecg::data
