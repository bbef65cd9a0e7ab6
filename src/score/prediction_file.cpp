#include "ecg/score/prediction_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "ecg/core/text.h"

namespace ecg::score {
namespace {

constexpr std::size_t kDecisionLine = 3, kScoreLine = 4;  // 1-based

// The entries of a line, trimmed. A line without separators has one entry, maybe empty.
void SplitEntries(std::string_view line, std::vector<std::string_view>& entries) {
  entries.clear();
  for (std::size_t begin = 0;;) {
    std::size_t end = begin;
    while (end < line.size() && line[end] != ',') ++end;  // entries are short: no call of memchr
    std::string_view entry = line.substr(begin, end - begin);
    if (!entry.empty() && (entry.front() <= ' ' || entry.back() <= ' ')) entry = Trim(entry);
    entries.push_back(entry);
    if (end == line.size()) return;
    begin = end + 1;
  }
}

bool IsTrueWord(std::string_view entry) {
  return entry == "True" || entry == "true" || entry == "T" || entry == "t";
}

bool IsFalseWord(std::string_view entry) {
  return entry == "False" || entry == "false" || entry == "F" || entry == "f";
}

struct Decision {
  bool positive = false;
  bool odd = false;  // neither true nor false
};

Decision ReadDecision(std::string_view entry, PredictionRules rules) {
  if (entry == "0") return {false, false};
  if (entry == "1" || IsTrueWord(entry)) return {true, false};
  const std::optional<double> number = ParseDouble(entry);
  const bool one = number && *number == 1 && rules == PredictionRules::k2021;
  return {one, !one && !IsFalseWord(entry) && !(number && *number == 0)};
}

struct Score {
  double value = 0;  // NaN: takes no part in the mean
  bool finite = true;
};

Score ReadScore(std::string_view entry, PredictionRules rules) {
  const double number = ParseDouble(entry).value_or(std::numeric_limits<double>::quiet_NaN());
  if (std::isfinite(number)) return {number, true};
  return {rules == PredictionRules::kOfficial2020 ? number : 0, false};
}

// Python reads text with universal line ends.
std::string_view WithUnixLineEnds(std::string_view text, std::string& buffer) {
  if (text.find('\r') == std::string_view::npos) return text;
  buffer.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      buffer.push_back(text[i]);
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      buffer.push_back('\n');
    }
  }
  return buffer;
}

// Takes a line off the front of the text; none where the text is used up.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

struct FourLines {
  std::string_view id, classes, decisions, scores;
};

Result<FourLines> TakeFourLines(std::string_view text, const std::string& file) {
  FourLines lines;
  std::size_t number = 0;
  for (std::string_view* line : {&lines.id, &lines.classes, &lines.decisions, &lines.scores}) {
    const std::optional<std::string_view> found = TakeLine(text);
    if (!found) {
      return InputError("must have 4 lines, has " + std::to_string(number), file, number);
    }
    *line = *found;
    ++number;
  }
  return lines;
}

Status CheckLength(std::size_t entries, std::size_t classes, const std::string& file,
                   std::size_t line) {
  if (entries >= classes) return {};
  return InputError(
      std::to_string(entries) + " entries for " + std::to_string(classes) + " classes", file, line,
      line == kDecisionLine ? "decisions" : "scores");
}

template <typename Values, typename Format>
void AppendLine(const Values& values, const Format& format, std::string& text) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ',';
    text += format(values[i]);
  }
  text += '\n';
}

}  // namespace

Prediction MakePrediction(std::string record, const std::uint8_t* decisions, const float* scores,
                          const std::vector<challenge::DiagnosisClass>& classes) {
  Prediction prediction;
  prediction.record = std::move(record);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    for (const std::string& code : classes[k].codes) {
      prediction.classes.push_back(code);
      prediction.decisions.push_back(decisions[k] != 0 ? 1 : 0);
      prediction.scores.push_back(static_cast<double>(scores[k]));
    }
  }
  return prediction;
}

std::string FormatPrediction(const Prediction& prediction) {
  std::string text = "#" + prediction.record + "\n";
  AppendLine(
      prediction.classes, [](const std::string& code) { return code; }, text);
  AppendLine(
      prediction.decisions, [](std::uint8_t value) { return value != 0 ? "1" : "0"; }, text);
  AppendLine(prediction.scores, FormatDouble, text);
  return text;
}

Result<Prediction> ParsePrediction(std::string_view text, const std::string& file) {
  std::string buffer;
  const Result<FourLines> lines = TakeFourLines(WithUnixLineEnds(text, buffer), file);
  if (!lines) return lines.error();
  Prediction prediction;
  if (!lines->id.empty()) prediction.record = Trim(lines->id.substr(1));
  std::vector<std::string_view> classes, decisions, scores;
  SplitEntries(lines->classes, classes);
  SplitEntries(lines->decisions, decisions);
  SplitEntries(lines->scores, scores);
  for (const auto& [entries, line] :
       {std::pair(&decisions, kDecisionLine), std::pair(&scores, kScoreLine)}) {
    if (Status status = CheckLength(entries->size(), classes.size(), file, line); !status.ok()) {
      return status.error();
    }
  }
  if (classes.size() == 1 && classes[0].empty()) return prediction;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    prediction.classes.emplace_back(classes[i]);
    prediction.decisions.push_back(ReadDecision(decisions[i], PredictionRules::k2021).positive ? 1
                                                                                               : 0);
    prediction.scores.push_back(ReadScore(scores[i], PredictionRules::k2021).value);
  }
  return prediction;
}

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
    const bool sets = rules_ == PredictionRules::k2021;  // 2020 knew no "a|b"
    const std::vector<std::string_view> codes =
        sets ? Split(entries[column], '|') : std::vector<std::string_view>{entries[column]};
    const std::size_t first_of_column = scored_.size();
    for (const std::string_view code : codes) {
      const std::optional<std::size_t> k = classes_.IndexOfCode(code);
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
  if (rules_ == PredictionRules::k2021) {
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

}  // namespace ecg::score
