// What a folder of records holds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {

struct RecordEntry : RecordPath {
  std::string source;  // as the file states, or by its name; empty where no rule fits
  record::EcgInfo info;
};

struct RecordIndex {
  std::vector<RecordEntry> records;  // sorted by id
  std::vector<FailedRecord> failed;  // that cannot be opened, sorted by id
};

// What the files of the selected records tell without their signals. Errors as of SelectRecords.
Result<RecordIndex> ScanRecords(const RecordInputs& inputs, int threads,
                                const RecordSelection& selection = {});

}  // namespace ecg::data
