#include "src/formats/text/table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "ecg/core/text.h"

namespace ecg::text {
namespace {

constexpr std::size_t kMostColumns = std::size_t{1} << 20;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

char SeparatorOf(std::string_view line) {
  for (const char separator : {'\t', ';', ','}) {
    if (line.find(separator) != std::string_view::npos) return separator;
  }
  return ' ';
}

std::string_view Unquoted(std::string_view cell) {
  cell = Trim(cell);
  const bool quoted = cell.size() > 1 && cell.front() == cell.back() &&
                      (cell.front() == '"' || cell.front() == '\'');
  return quoted ? Trim(cell.substr(1, cell.size() - 2)) : cell;
}

std::vector<std::string_view> Cells(std::string_view line, char separator) {
  if (separator == ' ') return SplitWords(line);
  std::vector<std::string_view> cells = Split(line, separator);
  // Some end each line by a tab.
  if (separator == '\t' && cells.size() > 1 && Trim(cells.back()).empty()) cells.pop_back();
  return cells;
}

// Seconds of "1:02.5" or "0:01:02.5".
std::optional<double> ParseClock(std::string_view cell) {
  double seconds = 0;
  const std::vector<std::string_view> parts = Split(cell, ':');
  if (parts.size() < 2 || parts.size() > 3) return {};
  for (const std::string_view part : parts) {
    const auto number = ParseDecimal(part);
    if (!number || !(*number >= 0)) return {};
    seconds = 60 * seconds + *number;
  }
  return seconds;
}

// A number, NaN for an empty cell; nothing for other texts.
std::optional<double> ParseCell(std::string_view cell, char separator) {
  cell = Unquoted(cell);
  if (cell.empty()) return kNan;
  if (const auto number = separator == ',' ? ParseDouble(cell) : ParseDecimal(cell)) return number;
  return ParseClock(cell);
}

bool IsNumbers(const std::vector<std::string_view>& cells, char separator) {
  bool any = false;
  for (const std::string_view cell : cells) {
    const auto number = ParseCell(cell, separator);
    if (!number) return false;
    any = any || !std::isnan(*number);
  }
  return any;
}

bool IsComment(std::string_view line) {
  const std::string_view text = Trim(line);
  return !text.empty() && (text.front() == '#' || text.front() == '%');
}

// "V1 (uV)" or "V1 [uV]" as name and unit.
void SplitUnits(Column& column) {
  const std::size_t open = column.name.find_last_of("([");
  if (open == std::string::npos || open == 0) return;
  const char close = column.name[open] == '(' ? ')' : ']';
  if (column.name.back() != close) return;
  column.units = std::string(
      Trim(std::string_view(column.name).substr(open + 1, column.name.size() - open - 2)));
  column.name = std::string(Trim(std::string_view(column.name).substr(0, open)));
}

bool NamesTime(std::string_view name) {
  const std::string lower = ToLower(name);
  for (const std::string_view known :
       {"time", "t", "elapsed time", "timestamp", "seconds", "sec", "ms", "milliseconds"}) {
    if (lower == known) return true;
  }
  return lower.compare(0, 5, "time_") == 0 || lower.compare(0, 5, "time ") == 0;
}

bool NamesCount(std::string_view name) {
  const std::string lower = ToLower(name);
  for (const std::string_view known :
       {"nseq", "sample", "samples", "sample #", "index", "frame", "no", "nr", "#", "unnamed: 0"}) {
    if (lower == known) return true;
  }
  return false;
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : lines_(SplitLines(text)), file_(file) {}

  Result<NumberTable> Parse() {
    if (const Status head = ReadHead(); !head.ok()) return head.error();
    if (const Status rows = ReadRows(); !rows.ok()) return rows.error();
    TurnRows();
    TakeTime();
    return std::move(table_);
  }

 private:
  Error Fail(std::string message, std::size_t line, std::string field = {}) const {
    return InputError(std::move(message), file_, line, std::move(field));
  }

  // Comments, names and units, up to the first line of numbers.
  Status ReadHead() {
    std::vector<std::size_t> heads;
    for (; at_ < lines_.size(); ++at_) {
      const std::string_view line = lines_[at_];
      if (Trim(line).empty()) continue;
      if (IsComment(line)) {
        table_.comments.emplace_back(Trim(Trim(line).substr(1)));
        continue;
      }
      separator_ = SeparatorOf(line);
      if (IsNumbers(Cells(line, separator_), separator_)) break;
      heads.push_back(at_);
      if (heads.size() > 2) return Fail("is neither numbers nor their names", at_ + 1);
    }
    if (at_ == lines_.size()) return Fail("holds no line of numbers", 0);
    const std::size_t count = Cells(lines_[at_], separator_).size();
    if (count > kMostColumns) {
      return Fail(Counted(count, "column") + " are more than " + std::to_string(kMostColumns),
                  at_ + 1);
    }
    table_.columns.resize(count);
    for (const std::size_t head : heads) {
      if (const Status named = NameColumns(head, head != heads.front()); !named.ok()) return named;
    }
    return {};
  }

  Status NameColumns(std::size_t line, bool units) {
    std::vector<std::string_view> cells = Cells(lines_[line], separator_);
    // The name of a single column may have blanks in it.
    if (separator_ == ' ' && table_.columns.size() == 1) cells = {lines_[line]};
    if (cells.size() != table_.columns.size()) {
      return Fail("names " + Counted(cells.size(), "column") + ", but the numbers stand in " +
                      std::to_string(table_.columns.size()),
                  line + 1);
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      Column& column = table_.columns[i];
      (units ? column.units : column.name) = std::string(Unquoted(cells[i]));
      if (!units) SplitUnits(column);
    }
    return {};
  }

  Status ReadRows() {
    const std::size_t count = table_.columns.size();
    for (; at_ < lines_.size(); ++at_) {
      const std::string_view line = lines_[at_];
      if (Trim(line).empty() || IsComment(line)) continue;
      const std::vector<std::string_view> cells = Cells(line, separator_);
      if (cells.size() != count) {
        return Fail(Counted(cells.size(), "cell") + " instead of " + std::to_string(count),
                    at_ + 1);
      }
      for (std::size_t i = 0; i < count; ++i) {
        const auto number = ParseCell(cells[i], separator_);
        if (!number) return Fail("is no number", at_ + 1, "column " + std::to_string(i + 1));
        // The first column may be a time, which needs all its digits.
        if (i == 0) first_.push_back(*number);
        table_.columns[i].values.push_back(static_cast<float>(*number));
      }
    }
    return {};
  }

  // More columns than rows can be no leads: then each row is one.
  void TurnRows() {
    const std::size_t rows = table_.columns.front().values.size();
    const bool named = std::any_of(table_.columns.begin(), table_.columns.end(),
                                   [](const Column& column) { return !column.name.empty(); });
    if (named || table_.columns.size() < kLeastWide || rows > table_.columns.size() / 2) return;
    std::vector<Column> leads(rows);
    for (std::size_t r = 0; r < rows; ++r) {
      leads[r].values.reserve(table_.columns.size());
      for (const Column& column : table_.columns) leads[r].values.push_back(column.values[r]);
    }
    table_.columns = std::move(leads);
    table_.by_rows = true;
  }

  // The first column is a time or a count by its name, or without one where it rises by even steps.
  void TakeTime() {
    if (table_.by_rows || table_.columns.size() < 2 || first_.size() < 3) return;
    const Column& column = table_.columns.front();
    const bool named = NamesTime(column.name) || NamesCount(column.name);
    const double whole = first_.back() - first_.front();
    const double step = whole / static_cast<double>(first_.size() - 1);
    // Times are often written with three digits behind the point.
    const double tolerance = std::max(0.6 * step, 1e-9);
    bool even = step > 0 && std::isfinite(step), exact = even;
    for (std::size_t i = 0; i < first_.size() && even; ++i) {
      const double off = std::abs(first_[i] - first_.front() - step * static_cast<double>(i));
      even = off <= tolerance;
      exact = exact && off <= 1e-6 * std::max(1.0, whole);
    }
    if (!named && (!column.name.empty() || !exact)) return;
    table_.timed = true;
    table_.time_name = column.name;
    table_.time_units = column.units;
    const bool counts = NamesCount(column.name) || (!named && step == 1);
    table_.time_step = counts || !even ? 0 : step;
    table_.columns.erase(table_.columns.begin());
  }

  const std::vector<std::string_view> lines_;
  const std::string& file_;
  std::size_t at_ = 0;
  char separator_ = ',';
  std::vector<double> first_;  // the first column in full precision
  NumberTable table_;
};

}  // namespace

bool LooksLikeNumbers(std::string_view begin) {
  if (begin.find('\0') != std::string_view::npos) return false;
  const std::size_t last = begin.find_last_of('\n');
  std::size_t heads = 0, rows = 0, columns = 0;
  for (const std::string_view line : SplitLines(begin.substr(0, last))) {
    if (Trim(line).empty() || IsComment(line)) continue;
    const char separator = SeparatorOf(line);
    std::vector<std::string_view> cells = Cells(line, separator);
    // Of a line that goes on, the last number may be cut off.
    if (last == std::string_view::npos && cells.size() > 1) cells.pop_back();
    if (!IsNumbers(cells, separator)) {
      if (rows > 0 || ++heads > 2) return false;
      continue;
    }
    if (rows > 0 && cells.size() != columns) return false;
    columns = cells.size();
    ++rows;
    if (columns >= kLeastWide || rows >= kLeastRows) return true;
  }
  // Wide rows: as many as fit.
  return rows * columns >= kLeastWide && rows >= 5;
}

Result<NumberTable> ParseTable(std::string_view text, const std::string& file) {
  return Parser(text, file).Parse();
}

}  // namespace ecg::text
