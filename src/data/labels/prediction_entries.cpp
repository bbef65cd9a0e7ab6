#include "src/data/labels/prediction_entries.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/text.h"

namespace ecg::data {
namespace {

bool IsTrueWord(std::string_view entry) {
  return entry == "True" || entry == "true" || entry == "T" || entry == "t";
}

bool IsFalseWord(std::string_view entry) {
  return entry == "False" || entry == "false" || entry == "F" || entry == "f";
}

}  // namespace

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

Decision ReadDecision(std::string_view entry, PredictionRules rules) {
  if (entry == "0") return {false, false};
  if (entry == "1" || IsTrueWord(entry)) return {true, false};
  const std::optional<double> number = ParseDouble(entry);
  const bool one = number && *number == 1 && rules != PredictionRules::kOfficial2020;
  return {one, !one && !IsFalseWord(entry) && !(number && *number == 0)};
}

Score ReadScore(std::string_view entry, PredictionRules rules) {
  const double number = ParseDouble(entry).value_or(std::numeric_limits<double>::quiet_NaN());
  if (std::isfinite(number)) return {number, true};
  return {rules == PredictionRules::kOfficial2020 ? number : 0, false};
}

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

std::optional<std::string_view> TakeLine(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

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
      Counted(entries, "entry", "entries") + " for " + Counted(classes, "class", "classes"), file,
      line, line == kDecisionLine ? "decisions" : "scores");
}

}  // namespace ecg::data
