// What a folder of records holds.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
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

// Every .hea file below `folder`, at any depth; names that begin with '.' are passed over, links
// to folders are not followed. A folder that is missing or holds no header is an error.
Result<RecordIndex> ScanFolder(const std::filesystem::path& folder, int threads);

// The first line of the lists that WriteFailedList writes.
inline constexpr std::string_view kFailedListHeading = "record,reason";
// What it is called: the second where a record's own file has the first name.
inline constexpr std::string_view kFailedListNames[] = {"failed.csv", "failed-records.csv"};

}  // namespace ecg::data
