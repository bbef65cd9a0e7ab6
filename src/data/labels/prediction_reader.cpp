#include "ecg/data/labels/prediction_reader.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ecg/challenge/labels.h"
#include "ecg/core/text.h"
#include "src/data/labels/prediction_entries.h"

namespace ecg::data {

PredictionReader::PredictionReader(const challenge::ClassSet& classes, PredictionRules rules)
    : classes_(classes), rules_(rules), sums_(classes.size()), counts_(classes.size()) {}

void PredictionReader::LearnColumns(std::string_view class_line) {
  if (learned_ && class_line == class_line_) return;
  class_line_ = class_line;
  learned_ = true;
  scored_.clear();
  std::vector<std::string_view> entries;
  SplitEntries(class_line, entries);
  columns_ = entries.size();
  for (std::size_t column = 0; column < columns_; ++column) {
    const bool sets = rules_ != PredictionRules::kOfficial2020;  // 2020 knew no "a|b"
    const std::vector<std::string_view> codes =
        sets ? Split(entries[column], '|') : std::vector<std::string_view>{entries[column]};
    const std::size_t first_of_column = scored_.size();
    for (const std::string_view code : codes) {
      const std::optional<std::size_t> k = rules_ == PredictionRules::kSensible
                                               ? challenge::ReadDx(code, classes_).index
                                               : classes_.IndexOfCode(code);
      if (!k) continue;
      const std::pair<std::size_t, std::size_t> pair{column, *k};
      const auto begin = scored_.begin() + static_cast<std::ptrdiff_t>(first_of_column);
      if (std::find(begin, scored_.end(), pair) == scored_.end()) scored_.push_back(pair);
    }
  }
}

Result<unsigned> PredictionReader::Read(std::string_view text, std::uint8_t* decisions,
                                        double* scores) {
  std::string_view rest = WithUnixLineEnds(text, unix_text_);
  if (rules_ != PredictionRules::kOfficial2020) {
    const Result<FourLines> lines = TakeFourLines(rest, {});
    if (!lines) return lines.error();
    return ReadRow({lines->classes, lines->decisions, lines->scores}, decisions, scores);
  }
  std::vector<std::string_view> lines;
  std::vector<std::size_t> lengths;
  while (const std::optional<std::string_view> line = TakeLine(rest)) {
    const std::string_view trimmed = Trim(*line);
    if (trimmed.empty() || trimmed.front() == '#') continue;
    lines.push_back(*line);
    lengths.push_back(Split(*line, ',').size());
  }
  if (lines.size() < 3 || lengths[0] != lengths[1] || lengths[1] != lengths[2]) {
    std::fill_n(decisions, classes_.size(), std::uint8_t{0});
    std::fill_n(scores, classes_.size(), 0.0);
    return kBadlyFormatted;
  }
  return ReadRow({lines[0], lines[1], lines[2]}, decisions, scores);
}

Result<unsigned> PredictionReader::ReadRow(const Lines& lines, std::uint8_t* decisions,
                                           double* scores) {
  LearnColumns(lines.classes);
  SplitEntries(lines.decisions, decision_entries_);
  SplitEntries(lines.scores, score_entries_);
  for (const auto& [entries, line] :
       {std::pair(&decision_entries_, kDecisionLine), std::pair(&score_entries_, kScoreLine)}) {
    if (Status status = CheckLength(entries->size(), columns_, {}, line); !status.ok()) {
      return status.error();
    }
  }
  unsigned notes = 0;
  if (scored_.empty()) notes |= Trim(lines.classes).empty() ? kEmptyPrediction : kNoScoredClass;
  if (decision_entries_.size() != columns_ || score_entries_.size() != columns_) {
    notes |= kUnequalLines;
  }
  std::fill_n(decisions, classes_.size(), std::uint8_t{0});
  std::fill(sums_.begin(), sums_.end(), 0.0);
  std::fill(counts_.begin(), counts_.end(), 0u);
  for (const auto& [column, k] : scored_) {
    const Decision decision = ReadDecision(decision_entries_[column], rules_);
    const Score score = ReadScore(score_entries_[column], rules_);
    if (decision.odd) notes |= kOddDecision;
    if (!score.finite) notes |= kScoreNotFinite;
    if (decision.positive) decisions[k] = 1;
    if (std::isnan(score.value)) continue;
    sums_[k] += score.value;
    ++counts_[k];
  }
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    const double mean = counts_[k] > 0 ? sums_[k] / counts_[k] : 0;
    scores[k] = std::isnan(mean) ? 0 : mean;
  }
  return notes;
}

}  // namespace ecg::data
