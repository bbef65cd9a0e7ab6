// The binary sample formats of signal(5): how many samples some bytes hold, and unpacking them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "ecg/formats/wfdb/header.h"

namespace ecg::wfdb {

struct FormatTraits {
  int bits = 0;                    // of a sample
  std::int32_t lowest = 0;         // the smallest sample value
  bool lowest_is_invalid = false;  // where the smallest value marks an invalid sample
};
inline FormatTraits TraitsOf(Format format) {
  switch (format) {
    case Format::kDifference8:
      return {32, std::numeric_limits<std::int32_t>::min(), false};
    case Format::kOffset8:
    case Format::kFlac8:
      return {8, -(1 << 7), true};
    case Format::kPacked10:
    case Format::kPacked10Word:
      return {10, -(1 << 9), true};
    case Format::kPacked12:
      return {12, -(1 << 11), true};
    case Format::kInt16:
    case Format::kInt16BigEndian:
    case Format::kOffset16:
    case Format::kFlac16:
      return {16, -(1 << 15), true};
    case Format::kInt24:
    case Format::kFlac24:
      return {24, -(1 << 23), true};
    case Format::kInt32:
    case Format::kNull:
      break;
  }
  return {32, std::numeric_limits<std::int32_t>::min(), true};
}

inline bool IsFlac(Format format) {
  return format == Format::kFlac8 || format == Format::kFlac16 || format == Format::kFlac24;
}

// Bytes that `samples` take, and samples that `bytes` hold, an odd rest of the packed formats
// included. Neither is asked of kNull or FLAC. BytesFor saturates.
std::uint64_t BytesFor(Format format, std::uint64_t samples);
std::uint64_t SamplesIn(Format format, std::uint64_t bytes);

// Samples [first, first + count) of what starts at `bytes`, which must hold them. Format 8 gives
// its differences.
void Unpack(Format format, const std::uint8_t* bytes, std::size_t first, std::size_t count,
            std::int32_t* out);

}  // namespace ecg::wfdb
