#include "src/data/labels/score_table.h"

#include "ecg/challenge/labels.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::data {
namespace {

constexpr std::size_t kMaxTableBytes = std::size_t{4} << 30;

}  // namespace

Status ReadScoreTable(const std::filesystem::path& path,
                      const std::function<Status(const CsvRow& header)>& heading,
                      const std::function<Status(const CsvRow& row)>& add) {
  const Result<std::string> text = ReadFile(path, kMaxTableBytes);
  if (!text) return text.error();
  const std::string file = path.string();
  CsvReader reader(*text, file);
  CsvRow row;
  std::size_t columns = 0;
  for (;;) {
    const Result<bool> more = reader.Next(row);
    if (!more) return more.error();
    if (!*more) break;
    const bool first = columns == 0;
    if (first) columns = row.cells.size();
    if (row.cells.size() != columns) {
      return InputError(
          "has " + Counted(row.cells.size(), "cell") + " instead of " + std::to_string(columns),
          file, row.line);
    }
    if (Status status = first ? heading(row) : add(row); !status.ok()) return status;
  }
  return columns > 0 ? Status() : InputError("the table is empty", file);
}

std::size_t ColumnOf(const CsvRow& header, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      if (ToLower(header.cells[c]) == name) return c;
    }
  }
  return kNoColumn;
}

std::size_t RecordColumn(const CsvRow& header) {
  const std::size_t column = ColumnOf(
      header, {"record", "recording", "record_id", "ecg_id", "id", "name", "filename", "file"});
  return column == kNoColumn ? 0 : column;
}

std::string KeyOfCell(const std::string& cell) {
  for (const char* ending : {".hea", ".mat", ".csv"}) {
    const std::size_t length = 4;
    if (cell.size() > length && ToLower(cell.substr(cell.size() - length)) == ending) {
      return cell.substr(0, cell.size() - length);
    }
  }
  return cell;
}

ColumnMeaning MeaningOfColumn(std::string_view name, const challenge::ClassSet& classes) {
  ColumnMeaning meaning;
  challenge::ForEachDx(name, classes, [&](const challenge::DxEntry& entry) {
    meaning.is_diagnosis |= entry.diagnosis != nullptr || entry.index;
    if (!meaning.index) meaning.index = entry.index;
  });
  return meaning;
}

void UnreadColumns::See(const CsvRow& row) {
  for (Column& column : columns_) {
    const std::string& cell = row.cells[column.index];
    if (cell.empty()) continue;
    column.seen = true;
    column.fits = column.fits && holds_(cell);
  }
}

std::string UnreadColumns::Text() const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) {
    if (column.seen && column.fits) titles.push_back(column.title);
  }
  if (titles.empty()) return {};
  return "columns passed over, as their names are no diagnosis: " + Join(titles, ", ");
}

Result<bool> ReadTruth(const std::string& cell) {
  const std::string lower = ToLower(cell);
  if (lower == "true" || lower == "t") return true;
  if (lower == "false" || lower == "f") return false;
  const std::optional<double> number = ParseDecimal(cell);
  if (number && *number == 1) return true;
  if (number && *number == 0) return false;
  return InputError("must be 0 or 1, is \"" + cell + "\"");
}

Error InCell(Error error, const std::string& file, const CsvRow& row, const std::string& column) {
  error.file = file;
  error.line = row.line;
  error.field = column;
  return error;
}

}  // namespace ecg::data
