// The one way from a header and its signal files to samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/formats/wfdb/header.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/reader.h"

namespace ecg::wfdb {

// The scale of `source` from sample `start` on, in the units of the record's signal `target`.
Scale ScaleOf(const SignalHeader& source, const SignalHeader& target, std::size_t start);

// Takes the samples as they are decoded.
class SampleSink {
 public:
  virtual ~SampleSink() = default;

  // Called once, before anything else. What is decoded from a damaged FLAC stream may be less.
  virtual void Begin(std::uint64_t frames) = 0;

  // From this sample on, a signal has the gain, baseline and units of `source`.
  virtual void SetScale(std::size_t signal, std::size_t start, const SignalHeader& source) = 0;

  // Samples [start, start + count) of a signal in ascending order, skew removed, invalid ones as
  // kInvalidSample. What never comes is invalid.
  virtual void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
                   std::size_t count) = 0;
};

// In a multi-segment header, fills in the signals from its layout segment or, where there is none,
// from its first segment that is no gap.
Status ResolveSignals(Header& header);

// Decodes a record whose signals are resolved: checks the sizes of its files against the header,
// calls the sink, then compares initial values and checksums.
Status DecodeRecord(const Header& header, const record::ReadOptions& options, SampleSink& sink,
                    std::vector<std::string>& warnings);

// The same for a single-segment record. `frames` is the length where the header does not say it
// (0 = as long as the files are).
Status DecodeSegment(const Header& header, const record::ReadOptions& options, std::uint64_t frames,
                     SampleSink& sink, std::vector<std::string>& warnings);

// Whether frames of a record can be decoded without those before them: one segment, no skew, and
// neither FLAC nor differences.
bool DecodesStretches(const Header& header);

// Frames [from, to) of such a record, which must lie in it; for the sink they begin at 0. Initial
// values and checksums are not compared.
Status DecodeStretch(const Header& header, const record::ReadOptions& options, std::uint64_t from,
                     std::uint64_t to, SampleSink& sink, std::vector<std::string>& warnings);

// How many frames a single-segment record has whose header does not say it, as its files tell.
Result<std::uint64_t> CountFrames(const Header& header);

// Refuses a record of `frames` frames that has more samples than ReadOptions::max_samples.
Status CheckSize(const Header& header, const record::ReadOptions& options, std::uint64_t frames);

}  // namespace ecg::wfdb
