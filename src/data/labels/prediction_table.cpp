// Tables of predictions.
#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "ecg/core/ending.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_columns.h"
#include "src/data/labels/score_sources.h"
#include "src/data/labels/score_table.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

// What tables have where there is no number.
bool IsNoValue(const std::string& cell) {
  const std::string lower = ToLower(cell);
  return lower.empty() || lower == "na" || lower == "n/a" || lower == "null" || lower == "none" ||
         lower == "-";
}

class TablePredictions : public PredictionSource {
 public:
  explicit TablePredictions(const InputOptions& options)
      : threshold_(options.threshold), classes_(options.scoring.classes()) {}

  Status Read(const fs::path& path) {
    file_ = path.string();
    const Status status = ReadScoreTable(
        path, [&](const CsvRow& header) { return LearnColumns(header); },
        [&](const CsvRow& row) { return AddRow(row); });
    if (const std::string unread = unread_.Text(); !unread.empty()) {
      warnings_.push_back(file_ + ": " + unread);
    }
    return status;
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

  Status LearnColumns(const CsvRow& header) {
    titles_ = header.cells;
    record_ = RecordColumn(header);
    has_decision_.resize(classes_.size());
    number_of_scores_.resize(classes_.size());
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      if (c == record_) continue;
      std::string_view name = header.cells[c];
      if (IsAboutNoClass(name)) continue;
      const bool decision = HasEnding(name, kDecisionEnding);
      if (decision) name.remove_suffix(std::string_view(kDecisionEnding).size());
      const auto [k, is_diagnosis] = MeaningOfColumn(name, classes_);
      if (!is_diagnosis) unread_.Add(c, header.cells[c]);
      if (!k) continue;
      columns_.push_back({c, *k, decision});
      if (decision) {
        has_decision_[*k] = true;
      } else {
        ++number_of_scores_[*k];
      }
    }
    if (!columns_.empty()) return {};
    return InputError("no column named after a scored class, but " + Join(header.cells, ", "),
                      file_, header.line);
  }

  Status AddRow(const CsvRow& row) {
    unread_.See(row);
    if (IsWithoutAnswer(row)) return {};
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
        if (!truth) return InCell(truth.error(), file_, row, titles_[column.index]);
        if (*truth) decisions[column.k] = 1;
        continue;
      }
      const std::optional<double> number = ParseDecimal(cell);
      if (number && std::isfinite(*number)) {
        scores[column.k] += *number / number_of_scores_[column.k];
      } else if (number || IsNoValue(cell)) {
        notes_.back() |= kScoreNotFinite;
      } else {
        return InCell(InputError("is no number: \"" + cell + "\""), file_, row,
                      titles_[column.index]);
      }
    }
    for (std::size_t k = 0; k < classes_.size(); ++k) {
      if (number_of_scores_[k] > 0 && !has_decision_[k] && scores[k] >= threshold_)
        decisions[k] = 1;
    }
    return {};
  }

  // A row of a record that nothing is said of, as of one that could not be predicted.
  bool IsWithoutAnswer(const CsvRow& row) const {
    return std::all_of(columns_.begin(), columns_.end(),
                       [&](const Column& column) { return row.cells[column.index].empty(); });
  }

  double threshold_;
  const challenge::ClassSet& classes_;
  std::string file_;
  std::vector<std::string> titles_;  // of the columns
  std::size_t record_ = 0;
  std::deque<std::string> names_;  // a deque: keys look into it while it grows
  std::vector<Column> columns_;
  UnreadColumns unread_{[](const std::string& cell) {
    const std::optional<double> number = ParseDecimal(cell);
    return number && *number >= 0 && *number <= 1;
  }};
  std::vector<bool> has_decision_;          // [classes]
  std::vector<unsigned> number_of_scores_;  // [classes]; equivalent codes: the mean counts
  std::vector<unsigned> notes_;
  std::vector<std::uint8_t> decisions_;  // [records][classes]
  std::vector<double> scores_;           // [records][classes]
};

}  // namespace

bool IsAboutNoClass(std::string_view column) {
  for (const std::string_view known :
       {kFlagsColumn, kUncertaintyColumn, kGroupColumn, kSourceProbabilityColumn,
        kMayBeBradycardiaColumn, kDiagnosesColumn, kAgeColumn, kSexColumn, kQualityColumn,
        kStatusColumn, kOperatingPointColumn, kByDefinitionColumn}) {
    if (column == known) return true;
  }
  return HasEnding(column, kDeviationEnding);
}

bool MayNameClass(std::string_view abbreviation) {
  const std::string name = ToLower(abbreviation);
  for (const char* taken :
       {"record",  "recording", "record_id", "ecg_id", "id",     "name",    "filename",
        "file",    "dx",        "labels",    "codes",  "source", "dataset", "leads",
        "n_leads", "n_sig",     "gender",    "split",  "why",    "weight"}) {
    if (name == taken) return false;
  }
  return !IsAboutNoClass(name) && !HasEnding(name, kDecisionEnding);
}

Result<std::unique_ptr<PredictionSource>> OpenPredictionTable(const fs::path& path,
                                                              const InputOptions& options) {
  auto table = std::make_unique<TablePredictions>(options);
  if (Status status = table->Read(path); !status.ok()) return status.error();
  return std::unique_ptr<PredictionSource>(std::move(table));
}

}  // namespace ecg::data
