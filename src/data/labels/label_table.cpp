// Tables of labels.
#include <algorithm>
#include <deque>
#include <utility>

#include "ecg/core/text.h"
#include "src/data/labels/score_sources.h"
#include "src/data/labels/score_table.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

class TableLabels : public LabelSource {
 public:
  explicit TableLabels(const InputOptions& options)
      : options_(options), classes_(score::ClassesOf(options.challenge)) {}

  Status Read(const fs::path& path) {
    file_ = path.string();
    Status status = ReadScoreTable(
        path, [&](const CsvRow& header) { return LearnColumns(header); },
        [&](const CsvRow& row) { return AddRow(row); });
    if (status.ok() && keys_.empty()) return InputError("no record here", file_);
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
    record_ = RecordColumn(header);
    source_ = ColumnOf(header, {"source", "dataset"});
    leads_ = ColumnOf(header, {"leads", "n_leads", "n_sig"});
    age_ = ColumnOf(header, {"age"});
    sex_ = ColumnOf(header, {"sex", "gender"});
    dx_ = ColumnOf(header, {"dx", "labels", "codes"});
    class_of_column_.resize(header.cells.size());
    bool any_class = false;
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      if (c == record_ || dx_ != kNoColumn) continue;
      class_of_column_[c] = ClassOfColumn(header.cells[c], classes_);
      any_class |= class_of_column_[c].has_value();
    }
    if (dx_ == kNoColumn && !any_class) {
      return InputError("neither a column dx nor a column named after a scored class", file_,
                        header.line);
    }
    if (!options_.only) return {};
    only_ = ColumnOf(header, {ToLower(options_.only->first)});
    if (only_ != kNoColumn) return {};
    return UsageError("no column of this name", file_, header.line, options_.only->first);
  }

  Status AddRow(const CsvRow& row) {
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
    if (age_ != kNoColumn) record.age = record::ParseAge(row.cells[age_]);
    if (sex_ != kNoColumn) {
      const std::optional<record::Sex> sex = record::ParseSex(row.cells[sex_]);
      if (sex) record.sex = record::NameOf(*sex);
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
      if (!truth) return InCell(truth.error(), file_, row, titles_[c]);
      if (*truth) labels[*class_of_column_[c]] = 1;
    }
    return {};
  }

  const InputOptions& options_;
  const challenge::ClassSet& classes_;
  std::string file_;
  std::vector<std::string> titles_;  // of the columns
  std::size_t record_ = 0, source_ = kNoColumn, leads_ = kNoColumn, dx_ = kNoColumn;
  std::size_t age_ = kNoColumn, sex_ = kNoColumn, only_ = kNoColumn;
  std::vector<std::optional<std::size_t>> class_of_column_;
  std::deque<std::string> names_;      // a deque: keys look into it while it grows
  std::vector<ScoredRecord> records_;  // without their names
  std::vector<LabelNotes> notes_;
  std::vector<std::uint8_t> labels_;  // [records][classes]
};

}  // namespace

Result<std::unique_ptr<LabelSource>> OpenLabelTable(const fs::path& path,
                                                    const InputOptions& options) {
  auto table = std::make_unique<TableLabels>(options);
  if (Status status = table->Read(path); !status.ok()) return status.error();
  return std::unique_ptr<LabelSource>(std::move(table));
}

}  // namespace ecg::data
