// One file with what is measured in every record.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/partial_file.h"
#include "ecg/infer/measure.h"

namespace ecg::jobs {

// By the ending of its name: .csv, a row a record, or .jsonl, a JSON object a line, with the median
// beat.
class IntervalTable {
 public:
  // Throws Exception: kUsage for any other ending, kOutput where it cannot be written.
  explicit IntervalTable(const std::filesystem::path& path);

  void Add(const std::string& record, const infer::Measured& measured);
  void Finish() { file_.Finish(); }

 private:
  const bool json_;
  PartialFile file_;
};

}  // namespace ecg::jobs
