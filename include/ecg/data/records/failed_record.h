// Records that could not be dealt with, and the lists of them that are written beside the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::data {

struct FailedRecord {
  std::string id;
  Error error;
};

// The first line of such a list.
inline constexpr std::string_view kFailedListHeading = "record,reason";
// What lists are called: the second where a record's own file has the first name, the third that of
// one share of the records, as in failed-2-of-8.csv.
inline constexpr std::string_view kFailedListNames[] = {"failed.csv", "failed-records.csv"};
inline constexpr std::string_view kFailedListPrefix = "failed";

// The text of a list.
std::string FormatFailedList(const std::vector<FailedRecord>& failed);

}  // namespace ecg::data
