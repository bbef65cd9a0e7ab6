// Records as their files hold them: digital samples of every signal at its own rate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/wfdb/header.h"

namespace ecg::wfdb {

// What stands for an invalid sample, whatever its format's own mark is.
inline constexpr std::int32_t kInvalidSample = std::numeric_limits<std::int32_t>::min();

struct ReadOptions {
  bool strict = false;  // a checksum or initial value that does not match is an error

  // Samples that no file stores (gaps, null signals, what FLAC expands beyond 8 samples a byte).
  // The default, 64 MB as int32, keeps a small hostile file from filling the memory; a long record
  // with long gaps needs more.
  std::uint64_t max_unstored_samples = std::uint64_t{16} << 20;
};

// A record with all its segments joined.
struct Record {
  Header header;             // as read; `signals` is filled for multi-segment records too
  std::uint64_t frames = 0;  // the record's length
  // [signal][frames * samples_per_frame], ADC units, skew removed
  std::vector<std::vector<std::int32_t>> digital;
  std::vector<std::string> warnings;  // "file:line: field: what" for what was tolerated

  // (digital - baseline) / gain in the signal's own units; NaN where invalid.
  std::vector<double> Physical(std::size_t signal) const;
  double SamplingRate(std::size_t signal) const {  // Hz
    return header.sampling_rate * header.signals[signal].samples_per_frame;
  }
};

// `header` is the path of a .hea file; the signal files lie beside it.
Result<Record> ReadRecord(const std::filesystem::path& header, const ReadOptions& options = {});

}  // namespace ecg::wfdb
