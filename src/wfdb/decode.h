// The one way from a header and its signal files to samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/wfdb/header.h"
#include "ecg/wfdb/record.h"

namespace ecg::wfdb {

// Takes the samples as they are decoded.
class SampleSink {
 public:
  virtual ~SampleSink() = default;

  // Called once, before any sample, when it is known that the files hold so many frames.
  virtual void Begin(std::uint64_t frames) = 0;

  // Samples [start, start + count) of a signal, skew removed, invalid ones as kInvalidSample.
  // What never comes is invalid.
  virtual void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
                   std::size_t count) = 0;
};

// Decodes a single-segment record: checks the sizes of its files against the header, calls the
// sink, then compares initial values and checksums. `frames` > 0 stands for the header's length
// where that is missing.
Status DecodeSignals(const Header& header, const ReadOptions& options, std::uint64_t frames,
                     SampleSink& sink, std::vector<std::string>* warnings);

}  // namespace ecg::wfdb
