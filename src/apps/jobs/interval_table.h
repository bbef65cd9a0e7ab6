// One file with what is measured in every record.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/partial_file.h"
#include "ecg/dsp/measure/measure.h"

namespace ecg::jobs {

// By the ending of its name: .csv, a row a record, or .jsonl, a JSON object a line, with the median
// beat. Lines come in the order of the records, whatever the order in which they are added.
class IntervalTable {
 public:
  // Throws Exception: kUsage for any other ending, kOutput where it cannot be written.
  explicit IntervalTable(const std::filesystem::path& path);

  // What is written of a record; may be called from several threads.
  std::string Line(const std::string& record, double rate, const std::vector<std::string>& leads,
                   const dsp::Measurements& measured) const;

  // Takes the line of record `index`, empty where the record failed. Every index from 0 on must
  // come once.
  void Add(std::size_t index, std::string line);
  void Finish() { file_.Finish(); }

 private:
  const bool json_;
  PartialFile file_;
  std::size_t next_ = 0;
  std::map<std::size_t, std::string> waiting_;
};

}  // namespace ecg::jobs
