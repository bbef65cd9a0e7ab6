#include "ecg/data/records/record_table.h"

#include <optional>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/data/records/split.h"

namespace ecg::data {
namespace {

Status FillColumn(const CsvTable& table, const SplitConfig& config, const std::string& column,
                  bool needed, std::map<std::string, std::string>& values) {
  const std::optional<std::size_t> record = table.Column(config.record_column);
  if (!record) return InputError("no such column", config.table, 1, config.record_column);
  const std::optional<std::size_t> wanted = table.Column(column);
  if (!wanted && needed) return InputError("no such column", config.table, 1, column);
  for (std::size_t row = 0; wanted && row < table.rows(); ++row) {
    const std::string value(table.Cell(row, *wanted));
    const auto [at, is_new] = values.emplace(table.Cell(row, *record), value);
    if (!is_new && at->second != value) {
      return InputError(
          "names " + at->first + " twice, as \"" + at->second + "\" and \"" + value + "\"",
          config.table, table.Line(row), column);
    }
  }
  return {};
}

}  // namespace

Result<RecordTable> RecordTable::Read(const SplitConfig& config) {
  RecordTable columns;
  if (config.table.empty()) return columns;
  const Result<CsvTable> table = CsvTable::Read(config.table);
  if (!table.ok()) return table.error();
  const bool by_table = config.kind == SplitKind::kTable;
  const SplitConfig defaults;
  const std::tuple<const std::string&, bool, std::map<std::string, std::string>&> wanted[] = {
      {config.split_column, by_table, columns.parts},
      {config.patient_column, !by_table, columns.patients},
      {config.source_column, config.source_column != defaults.source_column, columns.sources}};
  for (const auto& [column, needed, values] : wanted) {
    if (Status status = FillColumn(*table, config, column, needed, values); !status.ok()) {
      return status.error();
    }
  }
  return columns;
}

}  // namespace ecg::data
