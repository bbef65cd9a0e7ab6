// One file with what is measured in every record.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/partial_file.h"
#include "ecg/dsp/measure/electrodes.h"
#include "ecg/infer/measure.h"

namespace ecg::jobs {

// By the ending of its name: .csv, a row a record, or .jsonl, a JSON object a line, with the median
// beat.
class IntervalTable {
 public:
  // Throws Exception: kUsage for any other ending, kOutput where it cannot be written. `mends`:
  // whether it says what was mended of each record.
  IntervalTable(const std::filesystem::path& path, bool mends);

  void Add(const std::string& record, const infer::Measured& measured, dsp::Exchange mended);
  void Finish() { file_.Finish(); }

 private:
  const bool json_;
  const bool mends_;
  PartialFile file_;
};

}  // namespace ecg::jobs
