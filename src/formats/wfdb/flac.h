// Signals stored as a FLAC stream (formats 508, 516 and 524), through libFLAC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "ecg/core/file.h"
#include "ecg/core/result.h"

namespace ecg::wfdb {

// Reads a stream from a file, piece by piece.
class FlacReader {
 public:
  // Takes `count` samples of each channel.
  using Block = std::function<void(const std::int32_t* const* channels, std::size_t count)>;

  // `file` must outlive the reader. Reads the stream's head.
  static Result<std::unique_ptr<FlacReader>> Open(const InputFile& file, std::uint64_t offset,
                                                  unsigned channels, unsigned bits);
  virtual ~FlacReader() = default;

  // Samples of each channel as the stream's head says; 0 = it does not.
  virtual std::uint64_t length() const = 0;

  // Decodes up to `samples` of each channel; returns how many there were. Damage is an error.
  virtual Result<std::uint64_t> Decode(std::uint64_t samples, const Block& block) = 0;
};

}  // namespace ecg::wfdb
