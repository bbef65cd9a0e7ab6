// CSV tables whose first line names the columns.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::score {

struct CsvRow {
  std::size_t line = 0;  // 1-based, where the row begins
  std::vector<std::string> cells;
};

// Reads rows one at a time, as RFC 4180 has them: fields may stand in double quotes, then hold
// separators, line ends and doubled quotes. Blanks around a field without quotes and empty lines
// are passed over. The separator is the one of comma, semicolon and tab that the first line uses
// most.
class CsvReader {
 public:
  // `text` must outlive the reader; `file` is only named in errors.
  CsvReader(std::string_view text, std::string file);

  // Reads the next row into `row`; false at the end of the text. An error: a quote without end.
  Result<bool> Next(CsvRow& row);

 private:
  Result<std::string> QuotedField();

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  char separator_ = ',';
};

}  // namespace ecg::score
