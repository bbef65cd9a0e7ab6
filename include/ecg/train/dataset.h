// The records of a run, sorted into its parts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/batches.h"
#include "ecg/data/record_index.h"
#include "ecg/train/config.h"

namespace ecg::train {

struct Dataset {
  std::vector<data::Example> train;
  std::vector<data::RecordEntry> validation;
  std::vector<data::RecordEntry> test;
  std::size_t excluded = 0;
  std::vector<data::FailedRecord> failed;
  std::vector<std::string> warnings;
};

// Scans the folders, splits, leaves excluded sources out of training, and gives the training
// records their labels and masks. A source without a row in the mask counts with all its labels.
Result<Dataset> LoadDataset(const Config& config);

}  // namespace ecg::train
