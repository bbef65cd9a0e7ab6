// What the tables of labels and of predictions have in common.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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

// The class that a column is about: a code, several as in "a|b", or an abbreviation.
std::optional<std::size_t> ClassOfColumn(std::string_view name, const challenge::ClassSet& classes);

// 0/1 in the spellings of the prediction files.
Result<bool> ReadTruth(const std::string& cell);

// The error with the place of the cell.
Error InCell(Error error, const std::string& file, const CsvRow& row, const std::string& column);

}  // namespace ecg::data
