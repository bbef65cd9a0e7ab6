#include "src/challenge/table_rows.h"

#include <utility>

#include "ecg/core/text.h"

namespace ecg::challenge {

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

}  // namespace ecg::challenge
