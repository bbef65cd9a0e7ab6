#include "ecg/challenge/challenge.h"

#include <algorithm>
#include <utility>

#include "ecg/core/text.h"
#include "src/challenge/table_rows.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {

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
      return InputError("has " + Counted(row.cells.size(), "cell") + " instead of " +
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
