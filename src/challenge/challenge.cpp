#include "ecg/challenge/challenge.h"

#include <algorithm>
#include <utility>

#include "ecg/core/text.h"
#include "src/challenge/table_rows.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {

Result<LabelMask> LabelMask::Parse(std::string_view text, const ClassSet& classes,
                                   const std::string& file) {
  std::vector<std::string> names;
  for (const DiagnosisClass& entry : classes.classes()) names.push_back(entry.abbreviation);
  return Parse(text, names, {}, file);
}

Result<LabelMask> LabelMask::Parse(std::string_view text, const std::vector<std::string>& required,
                                   const std::vector<std::string>& further,
                                   const std::string& file) {
  const std::vector<TableRow> rows = RowsOf(text);
  if (rows.empty() || rows[0].cells[0] != "source") {
    return InputError("the first line must be source,<class>,...", file, 1);
  }
  LabelMask mask;
  mask.names_ = required;
  mask.required_ = required.size();
  std::vector<std::size_t> value_of_column;
  std::size_t found = 0;  // of those required
  for (std::size_t column = 1; column < rows[0].cells.size(); ++column) {
    const std::string name(rows[0].cells[column]);
    if (Contains(further, name) && !Contains(mask.names_, name)) mask.names_.push_back(name);
    const auto at = std::find(mask.names_.begin(), mask.names_.end(), name);
    if (at == mask.names_.end()) {
      return InputError("no scored class of this name", file, rows[0].line, name);
    }
    const auto value = static_cast<std::size_t>(at - mask.names_.begin());
    if (std::count(value_of_column.begin(), value_of_column.end(), value) > 0) {
      return InputError("given twice", file, rows[0].line, name);
    }
    value_of_column.push_back(value);
    if (value < required.size()) ++found;
  }
  if (found != required.size()) {
    return InputError("must name all " + std::to_string(required.size()) + " classes", file,
                      rows[0].line);
  }
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const TableRow& row = rows[r];
    const std::string source(row.cells[0]);
    if (row.cells.size() != rows[0].cells.size()) {
      return InputError("has " + Counted(row.cells.size(), "cell") + " instead of " +
                            std::to_string(rows[0].cells.size()),
                        file, row.line, source);
    }
    std::vector<std::uint8_t> values(mask.names_.size());
    for (std::size_t column = 1; column < row.cells.size(); ++column) {
      if (row.cells[column] != "0" && row.cells[column] != "1") {
        return InputError("must be 0 or 1, is \"" + std::string(row.cells[column]) + "\"", file,
                          row.line, std::string(rows[0].cells[column]));
      }
      values[value_of_column[column - 1]] = row.cells[column] == "1" ? 1 : 0;
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
  const auto begin = found->second.begin();
  return std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(required_));
}

std::optional<bool> LabelMask::Trusts(std::string_view source,
                                      std::string_view abbreviation) const {
  const auto row = rows_.find(source);
  const auto name = std::find(names_.begin(), names_.end(), abbreviation);
  if (row == rows_.end() || name == names_.end()) return std::nullopt;
  return row->second[static_cast<std::size_t>(name - names_.begin())] != 0;
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
