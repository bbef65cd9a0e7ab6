// One table of all predictions: a row a record.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"

namespace ecg::infer {

// A CSV with the columns record, group (general or specialists), source_probability and
// may_be_bradycardia where the ensemble has them, then for each class its decision (its
// abbreviation, as in AF), its probability (p_AF) and, where several members answer, their standard
// deviation (sd_AF). It appears whole under its name when it is finished; until then it grows under
// that name with ".partial" behind it.
class WideTable {
 public:
  // Throws Exception (kOutput) where it cannot be written.
  WideTable(std::filesystem::path path, const Ensemble& ensemble);

  void Add(const std::string& record, const RecordPrediction& prediction,
           const std::vector<std::uint8_t>& decisions);
  void Finish();

 private:
  void WriteRow(const std::vector<std::string>& cells);

  const std::filesystem::path path_;
  const std::filesystem::path partial_;
  const bool routes_;
  const bool vetoes_;
  const bool spreads_;
  std::ofstream stream_;
};

}  // namespace ecg::infer
