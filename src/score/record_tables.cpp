#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/score/header_labels.h"
#include "src/score/record_sources.h"

namespace ecg::score {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxTableBytes = std::size_t{4} << 30;
constexpr std::string_view kDecisionEnding = "_decision";
constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

// The first column of one of these names, in any case.
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

// "g1/A0001.hea" -> "g1/A0001".
std::string KeyOfCell(const std::string& cell) {
  for (const char* ending : {".hea", ".mat", ".csv"}) {
    const std::size_t length = 4;
    if (cell.size() > length && ToLower(cell.substr(cell.size() - length)) == ending) {
      return cell.substr(0, cell.size() - length);
    }
  }
  return cell;
}

// The class that a column is about: a code, several as in "a|b", or an abbreviation.
std::optional<std::size_t> ClassOfColumn(std::string_view name,
                                         const challenge::ClassSet& classes) {
  for (const std::string_view code : Split(name, '|')) {
    if (const std::optional<std::size_t> k = classes.IndexOfCode(Trim(code))) return k;
  }
  return classes.IndexOfAbbreviation(name);
}

// 0/1 in the spellings of the prediction files.
Result<bool> ReadTruth(const std::string& cell) {
  const std::string lower = ToLower(cell);
  if (lower == "true" || lower == "t") return true;
  if (lower == "false" || lower == "f") return false;
  const std::optional<double> number = ParseDouble(cell);
  if (number && *number == 1) return true;
  if (number && *number == 0) return false;
  return InputError("must be 0 or 1, is \"" + cell + "\"");
}

// The first row, which names the columns.
Status ReadHeading(CsvReader& reader, const std::string& file, CsvRow& header) {
  const Result<bool> any = reader.Next(header);
  if (!any) return any.error();
  if (!*any) return InputError("the table is empty", file);
  return {};
}

// The rows of a table; every one of them has as many cells as the header.
template <typename Use>
Status ForEachRow(CsvReader& reader, const CsvRow& header, const std::string& file,
                  const Use& use) {
  CsvRow row;
  for (;;) {
    const Result<bool> more = reader.Next(row);
    if (!more) return more.error();
    if (!*more) return {};
    if (row.cells.size() != header.cells.size()) {
      return InputError("has " + std::to_string(row.cells.size()) + " cells instead of " +
                            std::to_string(header.cells.size()),
                        file, row.line);
    }
    if (Status status = use(row); !status.ok()) return status;
  }
}

Error InCell(Error error, const std::string& file, const CsvRow& row, const std::string& column) {
  error.file = file;
  error.line = row.line;
  error.field = column;
  return error;
}

class TableLabels : public LabelSource {
 public:
  explicit TableLabels(const InputOptions& options)
      : options_(options), classes_(ClassesOf(options.challenge)) {}

  Status Parse(std::string_view text, const std::string& file) {
    CsvReader reader(text, file);
    CsvRow header;
    if (Status status = ReadHeading(reader, file, header); !status.ok()) return status;
    if (Status status = LearnColumns(header, file); !status.ok()) return status;
    if (Status status = ForEachRow(reader, header, file,
                                   [&](const CsvRow& row) { return AddRow(row, header, file); });
        !status.ok()) {
      return status;
    }
    if (keys_.empty()) return InputError("no record here", file);
    return {};
  }

  Result<LabelNotes> Read(std::size_t index, Scratch& /*scratch*/, std::uint8_t* labels,
                          ScoredRecord& record) const override {
    std::copy_n(&labels_[index * classes_.size()], classes_.size(), labels);
    record.source = records_[index].source;
    record.leads = records_[index].leads;
    return notes_[index];
  }

 private:
  Status LearnColumns(const CsvRow& header, const std::string& file) {
    record_ = RecordColumn(header);
    source_ = ColumnOf(header, {"source", "dataset"});
    leads_ = ColumnOf(header, {"leads", "n_leads", "n_sig"});
    dx_ = ColumnOf(header, {"dx", "labels", "codes"});
    class_of_column_.resize(header.cells.size());
    bool any_class = false;
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      if (c == record_ || dx_ != kNoColumn) continue;
      class_of_column_[c] = ClassOfColumn(header.cells[c], classes_);
      any_class |= class_of_column_[c].has_value();
    }
    if (dx_ == kNoColumn && !any_class) {
      return InputError("neither a column dx nor a column named after a scored class", file,
                        header.line);
    }
    if (!options_.only) return {};
    only_ = ColumnOf(header, {ToLower(options_.only->first)});
    if (only_ != kNoColumn) return {};
    return UsageError("no column of this name", file, header.line, options_.only->first);
  }

  Status AddRow(const CsvRow& row, const CsvRow& header, const std::string& file) {
    if (only_ != kNoColumn && row.cells[only_] != options_.only->second) return {};
    names_.push_back(KeyOfCell(row.cells[record_]));
    keys_.push_back(names_.back());
    ScoredRecord record;
    record.source = source_ != kNoColumn ? row.cells[source_]
                                         : challenge::SourceOfRecord(BaseName(keys_.back()));
    if (leads_ != kNoColumn) {
      const std::optional<std::int64_t> leads = ParseInt(row.cells[leads_]);
      record.leads = leads && *leads > 0 ? static_cast<std::size_t>(*leads) : 0;
    }
    records_.push_back(std::move(record));
    notes_.emplace_back();
    labels_.resize(keys_.size() * classes_.size());
    std::uint8_t* labels = &labels_[labels_.size() - classes_.size()];
    if (dx_ != kNoColumn) {
      challenge::ForEachDx(row.cells[dx_], classes_, [&](const challenge::DxEntry& entry) {
        MarkDiagnosis(entry, labels, notes_.back());
      });
      return {};
    }
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (!class_of_column_[c] || row.cells[c].empty()) continue;
      const Result<bool> truth = ReadTruth(row.cells[c]);
      if (!truth) return InCell(truth.error(), file, row, header.cells[c]);
      if (*truth) labels[*class_of_column_[c]] = 1;
    }
    return {};
  }

  const InputOptions& options_;
  const challenge::ClassSet& classes_;
  std::size_t record_ = 0, source_ = kNoColumn, leads_ = kNoColumn, dx_ = kNoColumn;
  std::size_t only_ = kNoColumn;
  std::vector<std::optional<std::size_t>> class_of_column_;
  std::deque<std::string> names_;      // a deque: keys look into it while it grows
  std::vector<ScoredRecord> records_;  // without their names
  std::vector<LabelNotes> notes_;
  std::vector<std::uint8_t> labels_;  // [records][classes]
};

class TablePredictions : public PredictionSource {
 public:
  explicit TablePredictions(const InputOptions& options)
      : threshold_(options.threshold), classes_(ClassesOf(options.challenge)) {}

  Status Parse(std::string_view text, const std::string& file) {
    CsvReader reader(text, file);
    CsvRow header;
    if (Status status = ReadHeading(reader, file, header); !status.ok()) return status;
    if (Status status = LearnColumns(header, file); !status.ok()) return status;
    return ForEachRow(reader, header, file,
                      [&](const CsvRow& row) { return AddRow(row, header, file); });
  }

  Result<unsigned> Read(std::size_t index, Scratch& /*scratch*/, std::uint8_t* decisions,
                        double* scores) const override {
    std::copy_n(&decisions_[index * classes_.size()], classes_.size(), decisions);
    std::copy_n(&scores_[index * classes_.size()], classes_.size(), scores);
    return notes_[index];
  }

 private:
  struct Column {
    std::size_t index = 0;
    std::size_t k = 0;
    bool decision = false;
  };

  Status LearnColumns(const CsvRow& header, const std::string& file) {
    record_ = RecordColumn(header);
    has_decision_.resize(classes_.size());
    number_of_scores_.resize(classes_.size());
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      if (c == record_) continue;
      std::string_view name = header.cells[c];
      const bool decision = name.size() > kDecisionEnding.size() &&
                            name.substr(name.size() - kDecisionEnding.size()) == kDecisionEnding;
      if (decision) name.remove_suffix(kDecisionEnding.size());
      const std::optional<std::size_t> k = ClassOfColumn(name, classes_);
      if (!k) continue;
      columns_.push_back({c, *k, decision});
      if (decision) {
        has_decision_[*k] = true;
      } else {
        ++number_of_scores_[*k];
      }
    }
    if (!columns_.empty()) return {};
    return InputError("no column named after a scored class", file, header.line);
  }

  Status AddRow(const CsvRow& row, const CsvRow& header, const std::string& file) {
    names_.push_back(KeyOfCell(row.cells[record_]));
    keys_.push_back(names_.back());
    notes_.push_back(0);
    decisions_.resize(keys_.size() * classes_.size());
    scores_.resize(keys_.size() * classes_.size());
    std::uint8_t* decisions = &decisions_[decisions_.size() - classes_.size()];
    double* scores = &scores_[scores_.size() - classes_.size()];
    for (const Column& column : columns_) {
      const std::string& cell = row.cells[column.index];
      if (column.decision) {
        const Result<bool> truth = ReadTruth(cell);
        if (!truth) return InCell(truth.error(), file, row, header.cells[column.index]);
        if (*truth) decisions[column.k] = 1;
        continue;
      }
      const std::optional<double> number = ParseDouble(cell);
      if (number && std::isfinite(*number)) {
        scores[column.k] += *number / number_of_scores_[column.k];
      } else {
        notes_.back() |= kScoreNotFinite;
      }
    }
    for (std::size_t k = 0; k < classes_.size(); ++k) {
      if (number_of_scores_[k] > 0 && !has_decision_[k] && scores[k] >= threshold_)
        decisions[k] = 1;
    }
    return {};
  }

  double threshold_;
  const challenge::ClassSet& classes_;
  std::size_t record_ = 0;
  std::deque<std::string> names_;  // a deque: keys look into it while it grows
  std::vector<Column> columns_;
  std::vector<bool> has_decision_;          // [classes]
  std::vector<unsigned> number_of_scores_;  // [classes]; equivalent codes: the mean counts
  std::vector<unsigned> notes_;
  std::vector<std::uint8_t> decisions_;  // [records][classes]
  std::vector<double> scores_;           // [records][classes]
};

template <typename Source, typename Table>
Result<std::unique_ptr<Source>> OpenTable(const fs::path& path, const InputOptions& options) {
  const Result<std::string> text = ReadFile(path, kMaxTableBytes);
  if (!text) return text.error();
  auto table = std::make_unique<Table>(options);
  if (Status status = table->Parse(*text, path.string()); !status.ok()) return status.error();
  return std::unique_ptr<Source>(std::move(table));
}

}  // namespace

Result<std::unique_ptr<LabelSource>> OpenLabelTable(const fs::path& path,
                                                    const InputOptions& options) {
  return OpenTable<LabelSource, TableLabels>(path, options);
}

Result<std::unique_ptr<PredictionSource>> OpenPredictionTable(const fs::path& path,
                                                              const InputOptions& options) {
  return OpenTable<PredictionSource, TablePredictions>(path, options);
}

}  // namespace ecg::score
