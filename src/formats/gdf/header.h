// The header of GDF files, versions 1 and 2 (A. Schloegl, GDF - A general dataformat for
// biosignals, arXiv:cs/0608052): what EDF says in text, in numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"

namespace ecg::gdf {

// How samples are stored, by the numbers of the format.
enum class SampleType : std::uint32_t {
  kInt8 = 1,
  kUint8 = 2,
  kInt16 = 3,
  kUint16 = 4,
  kInt32 = 5,
  kUint32 = 6,
  kInt64 = 7,
  kUint64 = 8,
  kFloat32 = 16,
  kFloat64 = 17,
  kInt24 = 255 + 24,
  kUint24 = 511 + 24,
};

// Bytes of a sample; 0 for other numbers.
std::size_t BytesOf(SampleType type);

struct Channel {
  std::string label, units, prefilter;
  SampleType type = SampleType::kInt16;
  double factor = 1, offset = 0;  // physical = digital * factor + offset
  bool scaled = true;             // false: its limits give no scale
  std::size_t samples = 0;        // in each data record; 0: it has events alone
  std::size_t begin = 0;          // of its samples in a data record, bytes
};

struct Header {
  std::uint64_t header_bytes = 0;
  std::uint64_t record_bytes = 0;
  std::uint64_t records = 0;        // that are there whole
  std::int64_t stated_records = 0;  // -1: not known when it was written
  double record_seconds = 0;
  std::vector<Channel> channels;
  record::Acquisition acquisition;
  std::optional<record::Sex> sex;
  std::optional<double> age;
};

Result<Header> ReadHeader(const InputFile& file);

}  // namespace ecg::gdf
