// Tables in CSV files, with quotes as RFC 4180 has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg {

// A row of more cells is an error: each takes the memory of a string, however short it is.
inline constexpr std::size_t kMaxCsvCells = 65536;

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
  // `bytes`, read as DecodeText has them, must outlive the reader; `file` is only named in errors.
  CsvReader(std::string_view bytes, std::string file);
  CsvReader(const CsvReader&) = delete;  // text_ may be a view into buffer_
  CsvReader& operator=(const CsvReader&) = delete;

  // Reads the next row into `row`; false at the end of the text. An error: a quote without end, a
  // row of more than kMaxCsvCells, and those of DecodeText.
  Result<bool> Next(CsvRow& row);

 private:
  Result<std::string> QuotedField();

  std::string file_;
  std::string buffer_;
  Result<std::string_view> decoded_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  char separator_ = ',';
};

// A whole table whose first line names its columns. Every row has as many cells as there are
// columns. Takes some bytes for each of the file.
class CsvTable {
 public:
  static Result<CsvTable> Parse(std::string_view text, const std::string& file);
  static Result<CsvTable> Read(const std::filesystem::path& path);

  std::size_t rows() const { return lines_.size(); }
  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<std::size_t> Column(std::string_view name) const;
  std::string_view Cell(std::size_t row, std::size_t column) const;
  // Where a row stands in the file, 1-based.
  std::size_t Line(std::size_t row) const { return lines_[row]; }

 private:
  void Add(const CsvRow& row);

  std::vector<std::string> columns_;
  std::string text_;                 // of all cells, one after the other
  std::vector<std::uint32_t> ends_;  // of each in text_
  std::vector<std::size_t> lines_;
};

// One line of CSV without its end. Cells that need quotes get them, and text that a spreadsheet
// would take for a formula an apostrophe before it, which CsvReader takes away again.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace ecg
