// What a table says of records by their names: their part of the split, patient and source.
#pragma once

#include <map>
#include <string>

#include "ecg/core/result.h"

namespace ecg::data {

struct SplitConfig;

// Each by record name; empty where the table has no such column.
struct RecordTable {
  std::map<std::string, std::string> parts;
  std::map<std::string, std::string> patients;
  std::map<std::string, std::string> sources;

  // Reads config.table; an empty table where none is named. Columns that the kind of split needs
  // must be there; a record that is named twice with different entries is an error.
  static Result<RecordTable> Read(const SplitConfig& config);
};

}  // namespace ecg::data
