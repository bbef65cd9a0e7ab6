// Which records train, which validate, which are kept for a test (paper Figure 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/data/records/record_index.h"
#include "ecg/data/records/record_table.h"

namespace ecg::data {

enum class SplitKind {
  kRandom,  // intra-source: at random, stratified by class and source, patients kept together
  kSource,  // inter-source: whole sources are held out as the test set
  kFolds,   // one of several folds, made like kRandom, is the test set
  kTable,   // as a table says
};

struct SplitConfig {
  SplitKind kind = SplitKind::kRandom;
  double validation_share = 0.1;
  double test_share = 0;
  std::vector<std::string> split_sources;  // kRandom: others train only; empty = all are split
  std::vector<std::string> held_out;       // kSource
  int folds = 5;                           // kFolds
  int fold = 1;                            // kFolds: which one is the test set
  std::string table;                       // CSV; see RecordTable
  std::string record_column = "record";
  std::string split_column = "split";  // train, val(idation) or test
  std::string patient_column = "patient_id";
  std::string source_column = "source";
  int seed = 0;

  // What bounds on single settings cannot say; the error's field is a member's name.
  Status Validate() const;
};

void DescribeSettings(Settings& settings, const std::string& prefix, SplitConfig& config);

// Indices into the records, ascending.
struct Split {
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
};

// `labels` is uint8 [records][classes], what is stratified by besides the source; `table` holds
// what config.table says. Patients never stand on both sides. Stratification is iterative: rarest
// class first, each patient to the part that lacks the class most (Sechidis et al. 2011,
// doi:10.1007/978-3-642-23808-6_10).
Result<Split> SplitRecords(const std::vector<RecordEntry>& records,
                           const std::vector<std::uint8_t>& labels, std::size_t classes,
                           const RecordTable& table, const SplitConfig& config);

}  // namespace ecg::data
