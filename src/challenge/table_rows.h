// The rows of a small table: those of data/ and what users give in the same form.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ecg::challenge {

struct TableRow {
  std::size_t line = 0;                 // 1-based
  std::vector<std::string_view> cells;  // between commas, trimmed; at least one
};

// Every line but empty ones and those that begin with '#'; the first row names the columns.
// The cells are views into `text`.
std::vector<TableRow> RowsOf(std::string_view text);

}  // namespace ecg::challenge
