// A table of numbers in text: comments, at most two lines of names and units, then numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::text {

struct Column {
  std::string name, units;    // empty: not said
  std::vector<float> values;  // NaN where a cell is empty
};

struct NumberTable {
  std::vector<std::string> comments;  // without their mark
  std::vector<Column> columns;
  bool by_rows = false;  // the columns stood in rows

  // Of the first column where that counts or times the others, which it then is no longer among.
  bool timed = false;
  std::string time_name, time_units;
  double time_step = 0;  // in the unit of time_units; 0: it only counts, or steps unevenly
};

// Whether a text that begins so is a table of numbers: at least kLeastRows rows of as many numbers,
// or one row of kLeastWide.
inline constexpr std::size_t kLeastRows = 50, kLeastWide = 200;
bool LooksLikeNumbers(std::string_view begin);

// Parses a text (as DecodeText has it). The separator is tab, semicolon, comma or blanks, the first
// of these that the numbers use; with tab, semicolon or blanks a comma may be the decimal mark. An
// error names line and column.
Result<NumberTable> ParseTable(std::string_view text, const std::string& file);

}  // namespace ecg::text
