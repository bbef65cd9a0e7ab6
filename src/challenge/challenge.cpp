#include "ecg/challenge/challenge.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ecg/core/text.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

constexpr std::string_view kNormalCode = "426783006";

struct TableRow {
  std::size_t line = 0;
  std::vector<std::string_view> cells;
};

// The rows of a table that is built into the library: the first names the columns.
std::vector<TableRow> RowsOf(std::string_view text) {
  std::vector<TableRow> rows;
  std::size_t line = 0;
  for (const std::string_view text_line : SplitLines(text)) {
    ++line;
    if (Trim(text_line).empty() || text_line.front() == '#') continue;
    TableRow row{line, Split(text_line, ',')};
    for (std::string_view& cell : row.cells) cell = Trim(cell);
    rows.push_back(std::move(row));
  }
  return rows;
}

ClassSet LoadClassSet(std::string_view classes_table, std::string_view rewards_table) {
  std::vector<DiagnosisClass> classes;
  for (const TableRow& row : RowsOf(TableText(classes_table))) {
    if (row.cells[0] == "abbreviation") continue;
    DiagnosisClass entry{std::string(row.cells.at(0)), std::string(row.cells.at(2)), {}};
    for (const std::string_view code : Split(row.cells.at(1), '|')) entry.codes.emplace_back(code);
    classes.push_back(std::move(entry));
  }
  std::vector<double> rewards;
  for (const TableRow& row : RowsOf(TableText(rewards_table))) {
    if (row.cells[0] == "class") continue;
    for (std::size_t k = 1; k < row.cells.size(); ++k) {
      rewards.push_back(ParseDouble(row.cells[k]).value());
    }
  }
  return ClassSet(std::move(classes), std::move(rewards));
}

}  // namespace

ClassSet::ClassSet(std::vector<DiagnosisClass> classes, std::vector<double> rewards)
    : classes_(std::move(classes)), rewards_(std::move(rewards)) {
  if (rewards_.size() != classes_.size() * classes_.size()) {
    throw Exception(InputError("the reward matrix does not fit the classes"));
  }
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    for (const std::string& code : classes_[k].codes) index_of_code_[code] = k;
  }
  const std::optional<std::size_t> normal = IndexOfCode(kNormalCode);
  if (!normal) throw Exception(InputError("no class for sinus rhythm (426783006)"));
  normal_index_ = *normal;
}

std::optional<std::size_t> ClassSet::IndexOfCode(std::string_view code) const {
  const auto found = index_of_code_.find(code);
  if (found == index_of_code_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> ClassSet::IndexOfAbbreviation(std::string_view abbreviation) const {
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    if (classes_[k].abbreviation == abbreviation) return k;
  }
  return std::nullopt;
}

const ClassSet& Classes2021() {
  static const ClassSet set = LoadClassSet("classes_2021.csv", "rewards_2021.csv");
  return set;
}

const ClassSet& Classes2020() {
  static const ClassSet set = LoadClassSet("classes_2020.csv", "rewards_2020.csv");
  return set;
}

const std::vector<SourceRule>& DefaultSourceRules() {
  static const std::vector<SourceRule> rules = [] {
    std::vector<SourceRule> loaded;
    for (const TableRow& row : RowsOf(TableText("sources.csv"))) {
      if (row.cells[0] == "source") continue;
      const std::string_view last = row.cells.at(3);
      loaded.push_back(
          {std::string(row.cells[0]), std::string(row.cells.at(1)),
           ParseInt(row.cells.at(2)).value(),
           last == "*" ? std::numeric_limits<std::int64_t>::max() : ParseInt(last).value()});
    }
    return loaded;
  }();
  return rules;
}

std::string SourceOfRecord(std::string_view record_name, const std::vector<SourceRule>& rules) {
  for (const SourceRule& rule : rules) {
    if (record_name.substr(0, rule.prefix.size()) != rule.prefix) continue;
    const std::string_view digits = record_name.substr(rule.prefix.size());
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
      continue;
    const std::optional<std::int64_t> number = ParseInt(digits);
    if (number && *number >= rule.first_number && *number <= rule.last_number) return rule.source;
  }
  return {};
}

Result<LabelMask> LabelMask::Parse(std::string_view text, const ClassSet& classes,
                                   const std::string& file) {
  const std::vector<TableRow> rows = RowsOf(text);
  if (rows.empty() || rows[0].cells[0] != "source") {
    return InputError("the first line must be source,<class>,...", file, 1);
  }
  std::vector<std::size_t> class_of_column;
  for (std::size_t column = 1; column < rows[0].cells.size(); ++column) {
    const std::string name(rows[0].cells[column]);
    const std::optional<std::size_t> index = classes.IndexOfAbbreviation(name);
    if (!index) return InputError("no scored class of this name", file, rows[0].line, name);
    if (std::count(class_of_column.begin(), class_of_column.end(), *index) > 0) {
      return InputError("given twice", file, rows[0].line, name);
    }
    class_of_column.push_back(*index);
  }
  if (class_of_column.size() != classes.size()) {
    return InputError("must name all " + std::to_string(classes.size()) + " classes", file,
                      rows[0].line);
  }
  LabelMask mask;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const TableRow& row = rows[r];
    const std::string source(row.cells[0]);
    if (row.cells.size() != rows[0].cells.size()) {
      return InputError("has " + std::to_string(row.cells.size()) + " cells instead of " +
                            std::to_string(rows[0].cells.size()),
                        file, row.line, source);
    }
    std::vector<std::uint8_t> values(classes.size());
    for (std::size_t column = 1; column < row.cells.size(); ++column) {
      if (row.cells[column] != "0" && row.cells[column] != "1") {
        return InputError("must be 0 or 1, is \"" + std::string(row.cells[column]) + "\"", file,
                          row.line, std::string(rows[0].cells[column]));
      }
      values[class_of_column[column - 1]] = row.cells[column] == "1" ? 1 : 0;
    }
    if (!mask.rows_.emplace(source, std::move(values)).second) {
      return InputError("given twice", file, row.line, source);
    }
  }
  return mask;
}

const LabelMask& LabelMask::Default() {
  static const LabelMask mask =
      Parse(TableText("label_mask.csv"), Classes2021(), "label_mask.csv").value();
  return mask;
}

std::optional<std::vector<std::uint8_t>> LabelMask::Row(std::string_view source) const {
  const auto found = rows_.find(source);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::uint8_t> LabelsOf(const std::vector<std::string>& codes, const ClassSet& classes,
                                   bool derive_bbb) {
  std::vector<std::uint8_t> labels(classes.size());
  for (const std::string& code : codes) {
    if (const std::optional<std::size_t> k = classes.IndexOfCode(code)) labels[*k] = 1;
  }
  if (derive_bbb) {
    const std::optional<std::size_t> bbb = classes.IndexOfAbbreviation("BBB");
    for (const char* side : {"LBBB", "RBBB"}) {
      const std::optional<std::size_t> k = classes.IndexOfAbbreviation(side);
      if (bbb && k && labels[*k]) labels[*bbb] = 1;
    }
  }
  return labels;
}

const std::vector<LeadSet>& LeadSets() {
  static const std::vector<LeadSet> sets = {
      {"12", {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"}},
      {"6", {"I", "II", "III", "aVR", "aVL", "aVF"}},
      {"4", {"I", "II", "III", "V2"}},
      {"3", {"I", "II", "V2"}},
      {"2", {"I", "II"}},
  };
  return sets;
}

}  // namespace ecg::challenge
