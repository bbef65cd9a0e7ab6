#include "ecg/data/labels/label_table.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_columns.h"
#include "src/data/labels/score_sources.h"
#include "src/data/labels/score_table.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string> kStatementColumns = {"statements", "statement", "report",
                                                    "interpretation"};

// A column whose cells say diagnoses by the table of statements.
struct SaidColumn {
  std::size_t index = 0;
  std::string system;  // of codes; empty: statements
};

// Where a table has its labels.
struct LabelColumns {
  std::size_t record = 0, dx = kNoColumn;
  std::vector<SaidColumn> said;
  std::vector<std::optional<std::size_t>> class_of_column;
  UnreadColumns unread{[](const std::string& cell) { return ReadTruth(cell).ok(); }};

  // `others`: columns that are about something else.
  Status Learn(const CsvRow& header, const challenge::ClassSet& classes, const std::string& file,
               const std::vector<std::size_t>& others, const StatementLabels& statements) {
    record = RecordColumn(header);
    dx = ColumnOf(header, {"dx", "labels", "codes"});
    class_of_column.resize(header.cells.size());
    if (dx == kNoColumn) FindCodes(header);
    if (statements.used()) FindStatements(header);
    if (dx != kNoColumn || !said.empty()) return {};
    bool any_class = false;
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      if (c == record || std::count(others.begin(), others.end(), c) > 0) continue;
      const ColumnMeaning meaning = MeaningOfColumn(header.cells[c], classes);
      class_of_column[c] = meaning.index;
      any_class |= meaning.index.has_value();
      const std::string& name = header.cells[c];
      const bool is_known = name == kWhyColumn || name == kWeightColumn;
      if (!meaning.is_diagnosis && !is_known) unread.Add(c, name);
    }
    if (any_class) return {};
    const bool has_statements = ColumnOf(header, kStatementColumns) != kNoColumn;
    return InputError("neither a column dx nor a column named after a scored class, but " +
                          Join(header.cells, ", ") +
                          (has_statements ? " (--statements takes statements for labels)" : ""),
                      file, header.line);
  }

  // Whether there is a column a class, and no other that tells diagnoses.
  bool IsByClass() const { return dx == kNoColumn && said.empty(); }

  // Whether anybody has said anything of a row's record, where there is a column a class.
  bool IsFilledIn(const CsvRow& row) const {
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (class_of_column[c] && !row.cells[c].empty()) return true;
    }
    return false;
  }

  // Which columns the table of statements serves, for a warning; empty without any.
  std::string SaidText(const std::vector<std::string>& titles) const {
    std::vector<std::string> named;
    for (const SaidColumn& column : said) {
      named.push_back(titles[column.index] + " (" +
                      (column.system.empty() ? "statements" : column.system) + ")");
    }
    return named.empty()
               ? std::string()
               : "labels are what data/statements.csv has for the columns " + Join(named, ", ");
  }

  // The cells of these columns that are not empty, and what they say.
  std::vector<std::string> SaidCells(const CsvRow& row) const {
    std::vector<std::string> cells;
    for (const SaidColumn& column : said) {
      if (!row.cells[column.index].empty()) cells.push_back(row.cells[column.index]);
    }
    return cells;
  }
  std::vector<challenge::StatementMeaning> Said(const CsvRow& row,
                                                const challenge::StatementTable& table) const {
    std::vector<challenge::StatementMeaning> meanings;
    for (const SaidColumn& column : said) {
      const std::string& cell = row.cells[column.index];
      if (cell.empty()) continue;
      meanings.push_back(column.system.empty() ? table.Read(cell)
                                               : table.ReadCodes(column.system, cell));
    }
    return meanings;
  }

  // Columns of codes; the axis is said beside statements alone.
  void FindCodes(const CsvRow& header) {
    const auto add = [&](const std::vector<std::string>& names, const char* system) {
      const std::size_t column = ColumnOf(header, names);
      if (column != kNoColumn) said.push_back({column, system});
    };
    add({"scp_codes"}, "scp");
    add({"aha_code", "aha_codes"}, "aha");
    if (!said.empty()) add({"heart_axis"}, "axis");
  }

  void FindStatements(const CsvRow& header) {
    const std::size_t column = ColumnOf(header, kStatementColumns);
    if (column != kNoColumn) said.push_back({column, {}});
  }

  // Calls visit(class) for each class whose column says 1.
  template <typename Visit>
  Status ForEachClass(const CsvRow& row, const std::vector<std::string>& titles,
                      const std::string& file, const Visit& visit) const {
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (!class_of_column[c] || row.cells[c].empty()) continue;
      const Result<bool> truth = ReadTruth(row.cells[c]);
      if (!truth) return InCell(truth.error(), file, row, titles[c]);
      if (*truth) visit(*class_of_column[c]);
    }
    return {};
  }
};

class TableLabels : public LabelSource {
 public:
  TableLabels(const InputOptions& options, StatementLabels statements)
      : options_(options),
        classes_(options.scoring.classes()),
        statements_(std::move(statements)) {}

  Status Read(const fs::path& path) {
    file_ = path.string();
    Status status = ReadScoreTable(
        path, [&](const CsvRow& header) { return LearnColumns(header); },
        [&](const CsvRow& row) { return AddRow(row); });
    if (status.ok() && keys_.empty()) {
      return InputError(unfilled_ == 0 ? "no record here" : "labels no record", file_);
    }
    if (unfilled_ > 0) {
      warnings_.push_back(file_ + ": " + Counted(unfilled_, "row") + " without any label " +
                          (unfilled_ == 1 ? "is" : "are") + " passed over");
    }
    if (const std::string unread = columns_.unread.Text(); !unread.empty()) {
      warnings_.push_back(file_ + ": " + unread);
    }
    if (const std::string said = columns_.SaidText(titles_); !said.empty()) {
      warnings_.push_back(file_ + ": " + said);
    }
    return status;
  }

  Result<LabelNotes> Read(std::size_t index, Scratch& /*scratch*/, std::uint8_t* labels,
                          ScoredRecord& record) const override {
    std::copy_n(&labels_[index * classes_.size()], classes_.size(), labels);
    record.source = records_[index].source;
    record.leads = records_[index].leads;
    record.age = records_[index].age;
    record.sex = records_[index].sex;
    return notes_[index];
  }

 private:
  Status LearnColumns(const CsvRow& header) {
    titles_ = header.cells;
    source_ = ColumnOf(header, {"source", "dataset"});
    leads_ = ColumnOf(header, {"leads", "n_leads", "n_sig"});
    age_ = ColumnOf(header, {"age"});
    sex_ = ColumnOf(header, {"sex", "gender"});
    if (options_.only) {
      only_ = ColumnOf(header, {ToLower(options_.only->first)});
      if (only_ == kNoColumn) {
        return UsageError("no column of this name", file_, header.line, options_.only->first);
      }
    }
    return columns_.Learn(header, classes_, file_, {source_, leads_, age_, sex_, only_},
                          statements_);
  }

  Status AddRow(const CsvRow& row) {
    if (only_ != kNoColumn && row.cells[only_] != options_.only->second) return {};
    columns_.unread.See(row);
    if (columns_.IsByClass() && !columns_.IsFilledIn(row)) return ++unfilled_, Status();
    std::string name = KeyOfCell(row.cells[columns_.record]);
    const auto known = row_of_.find(name);
    if (known != row_of_.end()) {
      notes_[known->second].bits |= kSeveralRows;
      return AddLabels(row, known->second);
    }
    names_.push_back(std::move(name));
    row_of_.emplace(names_.back(), keys_.size());
    keys_.push_back(names_.back());
    ScoredRecord record;
    record.source = source_ != kNoColumn ? row.cells[source_]
                                         : challenge::SourceOfRecord(BaseName(keys_.back()));
    if (leads_ != kNoColumn) {
      const std::optional<std::int64_t> leads = ParseInt(row.cells[leads_]);
      record.leads = leads && *leads > 0 ? static_cast<std::size_t>(*leads) : 0;
    }
    if (age_ != kNoColumn) record.age = record::ParseAge(row.cells[age_]);
    if (sex_ != kNoColumn) {
      const std::optional<record::Sex> sex = record::ParseSex(row.cells[sex_]);
      if (sex) record.sex = record::NameOf(*sex);
    }
    records_.push_back(std::move(record));
    notes_.emplace_back();
    labels_.resize(keys_.size() * classes_.size());
    return AddLabels(row, keys_.size() - 1);
  }

  // To those that the record has.
  Status AddLabels(const CsvRow& row, std::size_t index) {
    std::uint8_t* labels = &labels_[index * classes_.size()];
    LabelNotes& notes = notes_[index];
    if (!columns_.said.empty()) {
      MarkSaid(columns_.SaidCells(row), columns_.Said(row, statements_.table()), statements_,
               classes_, labels, notes);
    }
    if (columns_.dx != kNoColumn) {
      challenge::ForEachDx(row.cells[columns_.dx], classes_, [&](const challenge::DxEntry& entry) {
        MarkDiagnosis(entry, labels, notes);
      });
      return {};
    }
    if (!columns_.said.empty()) return {};
    notes.understood = true;
    return columns_.ForEachClass(row, titles_, file_, [&](std::size_t k) { labels[k] = 1; });
  }

  const InputOptions& options_;
  const challenge::ClassSet& classes_;
  StatementLabels statements_;
  std::string file_;
  std::vector<std::string> titles_;  // of the columns
  LabelColumns columns_;
  std::size_t source_ = kNoColumn, leads_ = kNoColumn;
  std::size_t age_ = kNoColumn, sex_ = kNoColumn, only_ = kNoColumn;
  std::deque<std::string> names_;  // a deque: keys look into it while it grows
  std::unordered_map<std::string_view, std::size_t> row_of_;  // by name, into names_
  std::vector<ScoredRecord> records_;                         // without their names
  std::vector<LabelNotes> notes_;
  std::vector<std::uint8_t> labels_;  // [records][classes]
  std::size_t unfilled_ = 0;          // rows that say nothing of any class
};

}  // namespace

Result<std::unique_ptr<LabelSource>> OpenLabelTable(const fs::path& path,
                                                    const InputOptions& options) {
  Result<StatementLabels> statements = StatementLabels::Make(options.statements);
  if (!statements.ok()) return statements.error();
  auto table = std::make_unique<TableLabels>(options, std::move(*statements));
  if (Status status = table->Read(path); !status.ok()) return status.error();
  return std::unique_ptr<LabelSource>(std::move(table));
}

Result<DiagnosisTable> ReadDiagnosisTable(const fs::path& path, const challenge::ClassSet& classes,
                                          const StatementLabels& statements) {
  const std::string file = path.string();
  DiagnosisTable table;
  LabelColumns columns;
  std::vector<std::string> titles;
  const Status read = ReadScoreTable(
      path,
      [&](const CsvRow& header) {
        titles = header.cells;
        const Status learnt = columns.Learn(header, classes, file, {}, statements);
        table.by_class = columns.IsByClass();
        return learnt;
      },
      [&](const CsvRow& row) -> Status {
        if (table.by_class && !columns.IsFilledIn(row)) return {};
        std::vector<std::string>& dx = table.rows[KeyOfCell(row.cells[columns.record])];
        for (const std::string& code : statements.Counted(columns.Said(row, statements.table()))) {
          record::AddDiagnoses(code, dx);
        }
        if (columns.dx != kNoColumn) {
          record::AddDiagnoses(row.cells[columns.dx], dx);
          return {};
        }
        if (!columns.said.empty()) return {};
        return columns.ForEachClass(row, titles, file, [&](std::size_t k) {
          record::AddDiagnoses(classes[k].codes.front(), dx);
        });
      });
  if (!read.ok()) return read.error();
  if (table.rows.empty()) return InputError("labels no record", file);
  return table;
}

}  // namespace ecg::data
