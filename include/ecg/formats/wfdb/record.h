// Records as their files hold them: digital samples of every signal at its own rate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/formats/wfdb/header.h"
#include "ecg/record/reader.h"

namespace ecg::wfdb {

// What stands for an invalid sample, whatever its format's own mark is.
inline constexpr std::int32_t kInvalidSample = std::numeric_limits<std::int32_t>::min();

// What a signal's ADC values mean from some sample on. A variable-layout record changes it from
// segment to segment; any other signal has one scale.
struct Scale {
  std::size_t start = 0;  // first sample it holds for
  double gain = 200;      // ADC units per unit of the record's signal
  std::int64_t baseline = 0;
};

// A record with all its segments joined.
struct Record {
  Header header;             // a multi-segment record's `signals` are filled in
  std::uint64_t frames = 0;  // the record's length
  // [signal][frames * samples_per_frame], ADC units, skew removed
  std::vector<std::vector<std::int32_t>> digital;
  std::vector<std::vector<Scale>> scales;  // [signal], in ascending order of start
  std::vector<std::string> warnings;       // "file:line: field: what" for what was tolerated

  // (digital - baseline) / gain in the units of header.signals[signal]; NaN where invalid.
  std::vector<double> Physical(std::size_t signal) const;
  double SamplingRate(std::size_t signal) const {  // Hz
    return header.sampling_rate * header.signals[signal].samples_per_frame;
  }
};

// `header` is the path of a .hea file; the signal files lie beside it. Keeps all signals, whatever
// options.leads names.
Result<Record> ReadRecord(const std::filesystem::path& header,
                          const record::ReadOptions& options = {});

}  // namespace ecg::wfdb
