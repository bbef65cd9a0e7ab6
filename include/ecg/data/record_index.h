// What a folder of records holds.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/record_selection.h"
#include "ecg/wfdb/ecg_record.h"

namespace ecg::data {

struct RecordEntry {
  std::filesystem::path header;
  std::string id;      // path below the scanned folder without ".hea", as in "g1/A0001"
  std::string source;  // as the header states, or by its name; empty where no rule fits
  wfdb::EcgInfo info;
};

struct FailedRecord {
  std::string id;
  Error error;
};

struct RecordIndex {
  std::vector<RecordEntry> records;  // sorted by id
  std::vector<FailedRecord> failed;  // headers that cannot be read, sorted by id
};

// Every .hea file below `folder`, at any depth, or those that are selected; names that begin with
// '.' are passed over, links to folders are not followed. Errors as of SelectHeaders.
Result<RecordIndex> ScanFolder(const std::filesystem::path& folder, int threads,
                               const RecordSelection& selection = {});

// The first line of the lists that WriteFailedList writes.
inline constexpr std::string_view kFailedListHeading = "record,reason";
// What they are called: the second where a record's own file has the first name, the third that of
// one share of the records, as in failed-2-of-8.csv.
inline constexpr std::string_view kFailedListNames[] = {"failed.csv", "failed-records.csv"};
inline constexpr std::string_view kFailedListPrefix = "failed";

}  // namespace ecg::data
