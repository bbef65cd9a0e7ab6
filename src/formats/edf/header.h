// The header of EDF and BDF files: fields of text of fixed width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"

namespace ecg::edf {

struct Signal {
  std::string label, units, prefilter;
  double factor = 1, offset = 0;  // physical = digital * factor + offset
  bool scaled = true;             // false: its limits give no scale
  bool annotations = false;
  std::size_t samples = 0;  // in each data record
  std::size_t begin = 0;    // of its samples in a data record, bytes
};

struct Header {
  std::size_t sample_bytes = 2;  // 3 of BDF
  bool discontinuous = false;
  std::uint64_t header_bytes = 0;
  std::uint64_t record_bytes = 0;
  std::uint64_t records = 0;        // that are there whole
  std::int64_t stated_records = 0;  // -1: not known when it was written
  double record_seconds = 0;
  std::vector<Signal> signals;
  record::Acquisition acquisition;
  std::string patient_code;  // empty: not said
  std::optional<record::Sex> sex;
  std::optional<double> age;
};

Result<Header> ReadHeader(const InputFile& file);

}  // namespace ecg::edf
