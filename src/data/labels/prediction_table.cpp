// Tables of predictions.
#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "ecg/core/text.h"
#include "src/data/labels/score_sources.h"
#include "src/data/labels/score_table.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kDecisionEnding = "_decision";

class TablePredictions : public PredictionSource {
 public:
  explicit TablePredictions(const InputOptions& options)
      : threshold_(options.threshold), classes_(score::ClassesOf(options.challenge)) {}

  Status Read(const fs::path& path) {
    file_ = path.string();
    return ReadScoreTable(
        path, [&](const CsvRow& header) { return LearnColumns(header); },
        [&](const CsvRow& row) { return AddRow(row); });
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
    return InputError("no column named after a scored class", file_, header.line);
  }

  Status AddRow(const CsvRow& row) {
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
  std::string file_;
  std::vector<std::string> titles_;  // of the columns
  std::size_t record_ = 0;
  std::deque<std::string> names_;  // a deque: keys look into it while it grows
  std::vector<Column> columns_;
  std::vector<bool> has_decision_;          // [classes]
  std::vector<unsigned> number_of_scores_;  // [classes]; equivalent codes: the mean counts
  std::vector<unsigned> notes_;
  std::vector<std::uint8_t> decisions_;  // [records][classes]
  std::vector<double> scores_;           // [records][classes]
};

}  // namespace

Result<std::unique_ptr<PredictionSource>> OpenPredictionTable(const fs::path& path,
                                                              const InputOptions& options) {
  auto table = std::make_unique<TablePredictions>(options);
  if (Status status = table->Read(path); !status.ok()) return status.error();
  return std::unique_ptr<PredictionSource>(std::move(table));
}

}  // namespace ecg::data
