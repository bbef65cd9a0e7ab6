// The grammar of prediction files: lines, entries, decisions and scores, for whoever reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/labels/prediction_reader.h"

namespace ecg::data {

inline constexpr std::size_t kDecisionLine = 3, kScoreLine = 4;  // 1-based

// Python reads text with universal line ends. Gives `text`, or its copy in `buffer`.
std::string_view WithUnixLineEnds(std::string_view text, std::string& buffer);

// Takes a line off the front of the text; none where the text is used up.
std::optional<std::string_view> TakeLine(std::string_view& text);

struct FourLines {
  std::string_view id, classes, decisions, scores;
};
// An error: fewer than four.
Result<FourLines> TakeFourLines(std::string_view text, const std::string& file);

// The entries of a line, trimmed. A line without separators has one entry, maybe empty.
void SplitEntries(std::string_view line, std::vector<std::string_view>& entries);

// An error: fewer entries than classes. `line`: kDecisionLine or kScoreLine.
Status CheckLength(std::size_t entries, std::size_t classes, const std::string& file,
                   std::size_t line);

struct Decision {
  bool positive = false;
  bool odd = false;  // neither true nor false
};
Decision ReadDecision(std::string_view entry, PredictionRules rules);

struct Score {
  double value = 0;  // NaN: takes no part in the mean
  bool finite = true;
};
Score ReadScore(std::string_view entry, PredictionRules rules);

}  // namespace ecg::data
