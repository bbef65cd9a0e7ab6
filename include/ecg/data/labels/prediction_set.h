// All predictions of a folder or a table, for whoever looks at them without labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/data/labels/score_input.h"

namespace ecg::data {

// What a table of ecgpredict says of a record beside its classes; empty where it does not.
struct PredictionRemarks {
  std::string flags;
  std::string status;
  std::string age;
  std::string sex;
};

struct PredictionSet {
  std::vector<std::string> records;        // by path below the folder, or by name in the table
  std::vector<std::string> errors;         // [records]: why there is no prediction; empty: there is
  std::size_t classes = 0;                 // of the challenge's
  std::vector<std::uint8_t> decisions;     // [records][classes]
  std::vector<double> scores;              // [records][classes]
  std::vector<PredictionRemarks> remarks;  // [records]; empty: a folder has none
  std::vector<std::string> warnings;
  std::string operating_point;  // by which they were decided, where that is written down
};

// As ReadScoreInput reads predictions; records that a folder lists as failed are among the records,
// with their reasons. A folder without any prediction gives an empty set.
Result<PredictionSet> ReadPredictionSet(const std::filesystem::path& path,
                                        const InputOptions& options,
                                        ProgressSink* progress = nullptr);

}  // namespace ecg::data
