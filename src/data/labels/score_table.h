// What the tables of labels and of predictions have in common.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/core/csv.h"
#include "ecg/core/result.h"

namespace ecg::data {

// Reads a table: `heading` gets the first row, which names the columns, `add` every other one; each
// has as many cells as the first.
Status ReadScoreTable(const std::filesystem::path& path,
                      const std::function<Status(const CsvRow& header)>& heading,
                      const std::function<Status(const CsvRow& row)>& add);

inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

// The first column of one of these names, in any case; kNoColumn where there is none.
std::size_t ColumnOf(const CsvRow& header, const std::vector<std::string>& names);

// The column that names the records.
std::size_t RecordColumn(const CsvRow& header);

// "g1/A0001.hea" -> "g1/A0001".
std::string KeyOfCell(const std::string& cell);

// What a column's name says.
struct ColumnMeaning {
  std::optional<std::size_t> index;  // the class that it is about
  bool is_diagnosis = false;         // of a class, or of none that is scored
};
// The name is a diagnosis, or several that are one class, as in "a|b"; each as challenge::ReadDx
// has it.
ColumnMeaning MeaningOfColumn(std::string_view name, const challenge::ClassSet& classes);

// Watches the columns that nobody understands: which of them look as if they were meant to be read.
class UnreadColumns {
 public:
  // `holds` is whether a cell could be what the table is read for.
  explicit UnreadColumns(bool (*holds)(const std::string& cell)) : holds_(holds) {}

  void Add(std::size_t column, std::string title) {
    columns_.push_back({column, std::move(title)});
  }
  void See(const CsvRow& row);
  // Those all of whose cells could be such, as in "columns passed over: nsr2, foo"; empty: none.
  std::string Text() const;

 private:
  struct Column {
    std::size_t index;
    std::string title;
    bool fits = true;
    bool seen = false;  // a cell that is not empty
  };
  bool (*holds_)(const std::string& cell);
  std::vector<Column> columns_;
};

// 0/1 in the spellings of the prediction files.
Result<bool> ReadTruth(const std::string& cell);

// The error with the place of the cell.
Error InCell(Error error, const std::string& file, const CsvRow& row, const std::string& column);

}  // namespace ecg::data
