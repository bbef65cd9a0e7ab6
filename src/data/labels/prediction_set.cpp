#include "ecg/data/labels/prediction_set.h"

#include <map>
#include <system_error>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/folder.h"
#include "ecg/core/json.h"
#include "ecg/core/parallel.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/data/records/failed_record.h"
#include "src/data/labels/score_sources.h"
#include "src/data/labels/score_table.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kRecordsPerTask = 256;
constexpr char kStampFile[] = "ecgpredict.json";

// The records of the folder's lists of failures, with their reasons.
std::map<std::string, std::string> FailedOf(const fs::path& folder) {
  std::map<std::string, std::string> failed;
  const Result<std::vector<std::string>> files = ListFiles(folder, ".csv", /*recursive=*/false);
  if (!files.ok()) return failed;
  for (const std::string& file : *files) {
    if (file.compare(0, kFailedListPrefix.size(), kFailedListPrefix) != 0) continue;
    const Result<CsvTable> table = CsvTable::Read(folder / file);
    if (!table.ok()) continue;
    const auto record = table->Column("record");
    const auto reason = table->Column("reason");
    if (!record || !reason) continue;
    for (std::size_t row = 0; row < table->rows(); ++row) {
      failed.emplace(table->Cell(row, *record), table->Cell(row, *reason));
    }
  }
  return failed;
}

std::string PointOf(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / kStampFile, ignored)) return {};
  const Result<JsonDocument> stamp = ReadJson(folder / kStampFile);
  if (!stamp.ok() || !stamp->root.is_object()) return {};
  const auto point = stamp->root.find("operating_point");
  return point != stamp->root.end() && point->is_string() ? point->get<std::string>() : "";
}

// By the record's name as the table's other reader has it.
std::map<std::string, PredictionRemarks> RemarksOf(const fs::path& table, std::string* point) {
  std::map<std::string, PredictionRemarks> remarks;
  CsvRow header;
  struct Columns {
    std::size_t record, flags, status, age, sex, point;
  } columns = {};
  const auto heading = [&](const CsvRow& row) -> Status {
    columns = {RecordColumn(row),
               ColumnOf(row, {kFlagsColumn}),
               ColumnOf(row, {kStatusColumn}),
               ColumnOf(row, {kAgeColumn}),
               ColumnOf(row, {kSexColumn}),
               ColumnOf(row, {kOperatingPointColumn})};
    return {};
  };
  const Status read = ReadScoreTable(table, heading, [&](const CsvRow& row) -> Status {
    const auto cell = [&](std::size_t column) {
      return column == kNoColumn ? std::string() : row.cells[column];
    };
    if (point->empty()) *point = cell(columns.point);
    remarks[KeyOfCell(cell(columns.record))] = {cell(columns.flags), cell(columns.status),
                                                cell(columns.age), cell(columns.sex)};
    return {};
  });
  // Whatever is wrong with the table is told by whoever reads its predictions.
  if (!read.ok()) remarks.clear();
  return remarks;
}

void ReadAll(const PredictionSource& source, const challenge::ClassSet& classes,
             const InputOptions& options, PredictionSet* set) {
  const std::size_t records = set->records.size();
  const std::size_t tasks = (records + kRecordsPerTask - 1) / kRecordsPerTask;
  ParallelFor(tasks, options.threads, [&](std::size_t task) {
    Scratch scratch(classes, PredictionRules::kSensible);
    const std::size_t end = std::min((task + 1) * kRecordsPerTask, records);
    for (std::size_t i = task * kRecordsPerTask; i < end; ++i) {
      const std::size_t row = i * classes.size();
      const Result<unsigned> notes =
          source.Read(i, scratch, &set->decisions[row], &set->scores[row]);
      if (!notes.ok()) set->errors[i] = notes.error().message;
      if (notes.ok() && (*notes & (kEmptyPrediction | kNoScoredClass)) != 0) {
        set->errors[i] = "names no class";
      }
    }
  });
}

}  // namespace

Result<PredictionSet> ReadPredictionSet(const fs::path& path, const InputOptions& options,
                                        ProgressSink* progress) {
  const challenge::ClassSet& classes = options.scoring.classes();
  Result<std::unique_ptr<PredictionSource>> source = OpenPredictions(path, options);
  if (!source.ok()) return source.error();
  PredictionSet set;
  set.classes = classes.size();
  set.warnings = (*source)->warnings();
  for (const std::string_view key : (*source)->keys()) set.records.emplace_back(key);
  set.errors.resize(set.records.size());
  set.decisions.resize(set.records.size() * set.classes);
  set.scores.resize(set.records.size() * set.classes);
  if (progress != nullptr) progress->Begin("reading", 1);
  ReadAll(**source, classes, options, &set);
  if (progress != nullptr) progress->End();
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    set.operating_point = PointOf(path);
    for (auto& [record, reason] : FailedOf(path)) {
      set.records.push_back(record);
      set.errors.push_back(reason.empty() ? "failed" : reason);
    }
    set.decisions.resize(set.records.size() * set.classes);
    set.scores.resize(set.records.size() * set.classes);
    return set;
  }
  const auto remarks = RemarksOf(path, &set.operating_point);
  for (const std::string& record : set.records) {
    const auto found = remarks.find(record);
    set.remarks.push_back(found == remarks.end() ? PredictionRemarks() : found->second);
  }
  return set;
}

}  // namespace ecg::data
