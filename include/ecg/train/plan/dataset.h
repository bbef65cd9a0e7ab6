// The records of a run, sorted into its parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/records/record_index.h"
#include "ecg/data/samples/training_samples.h"
#include "ecg/model/task.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/observer.h"

namespace ecg::train {

// Records beside their labels as the official scorer has them: equivalent codes merged, nothing
// derived.
struct LabelledRecords {
  std::vector<data::RecordEntry> records;
  std::vector<std::uint8_t> labels;  // [records][classes]

  void Add(const data::RecordEntry& record, const std::vector<std::uint8_t>& row);
  std::vector<std::uint8_t> LabelsOf(std::size_t i) const;
};

struct Dataset {
  std::vector<data::Example> train;
  LabelledRecords validation;
  LabelledRecords test;
  std::vector<data::FailedRecord> failed;
  DataSummary summary;
};

// Scans the folders, tells each record's source (its header's #Source line, else the table's
// source column, else the rules of data.sources), splits, leaves excluded sources out of training,
// and gives the training records their labels and masks. A source without a row in the mask counts
// with all its labels. Ids are paths below the folder that a record was found in; an id that
// several folders hold gets the folder's number in data.folders in front, as in "2/A0001".
Result<Dataset> LoadDataset(const Config& config, const model::Task& task);

// Which record is in which part: a CSV with the columns record, split and source, as split.table
// takes it.
std::string FormatSplit(const Dataset& dataset);

}  // namespace ecg::train
