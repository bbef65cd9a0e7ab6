// One table of all predictions: a row a record.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/core/partial_file.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"

namespace ecg::jobs {

// A CSV that ecgscore takes, with the columns record, flags (what makes the recording doubtful, as
// in "V1 flat; arms swapped?"), uncertainty, group (general or specialists), source_probability and
// may_be_bradycardia where the ensemble has them, then for each class its decision (as in
// AF_decision), its probability (AF) and, where several members answer, their standard deviation
// (AF_sd); behind them, for people, diagnoses in words, age, sex, heart_rate_bpm, pr_ms, qrs_ms and
// what else kMeasurements names, quality, and status (see infer::StatusOf); and where the model has
// operating points, the one that decides and the classes that its definitions have decided, as in
// "SB; STach". It appears whole under
// its name when it is finished (see PartialFile).
class WideTable {
 public:
  // Throws Exception (kOutput) where it cannot be written, (kUsage) where its name has the ending
  // of something else.
  WideTable(const WideTableConfig& config, const infer::Ensemble& ensemble);

  void Add(const std::string& record, const infer::RecordAnswer& answer);
  void Finish() { file_.Finish(); }

 private:
  void WriteRow(const std::vector<std::string>& cells);
  void AddAnswer(const infer::RecordAnswer& answer, std::vector<std::string>& cells) const;
  std::string Cell(float value) const;
  std::string ByDefinition(const infer::RecordAnswer& answer) const;
  std::string Diagnoses(const infer::RecordAnswer& answer) const;

  const WideTableConfig config_;
  const std::vector<challenge::DiagnosisClass>& classes_;
  const bool routes_;
  const bool vetoes_;
  const bool spreads_;
  const std::string point_;
  std::size_t answered_ = 0;  // columns that are empty where nothing is said of a recording
  PartialFile file_;
};

}  // namespace ecg::jobs
