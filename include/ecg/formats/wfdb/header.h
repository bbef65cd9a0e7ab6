// WFDB header files (.hea): the whole grammar of header(5), and the dialects found in the wild.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"

namespace ecg::wfdb {

// How a signal file stores its samples; the number is the one that headers use (signal(5)).
enum class Format : int {
  kNull = 0,         // no file, every sample is invalid
  kDifference8 = 8,  // first differences of 8 bits
  kInt16 = 16,       // little endian, as are all but 61
  kInt24 = 24,
  kInt32 = 32,
  kInt16BigEndian = 61,
  kOffset8 = 80,        // unsigned with an offset of 128
  kOffset16 = 160,      // unsigned with an offset of 32768
  kPacked12 = 212,      // two samples of 12 bits in 3 bytes
  kPacked10 = 310,      // three samples of 10 bits in 4 bytes, in two 16-bit words
  kPacked10Word = 311,  // three samples of 10 bits in a 32-bit word
  kFlac8 = 508,
  kFlac16 = 516,
  kFlac24 = 524,
};

// One signal line.
struct SignalHeader {
  std::string file;  // beside the header; "~" for a null signal
  Format format = Format::kInt16;
  int samples_per_frame = 1;
  int skew = 0;                  // frames of this signal that precede sample 0 of the record
  std::int64_t byte_offset = 0;  // length of the signal file's preamble
  double gain = 200;             // ADC units per physical unit, never 0
  bool calibrated = true;        // false where the line gives no gain or 0, which stands for 200
  std::int64_t baseline = 0;     // ADC value of 0 physical units
  std::string units = "mV";
  int adc_resolution = 12;  // bits
  std::int64_t adc_zero = 0;
  std::optional<std::int64_t> initial_value;  // ADC value of the file's first sample
  std::optional<std::uint16_t> checksum;      // sum of all samples in the file, modulo 65536
  std::int64_t block_size = 0;
  std::string description;  // a lead's name in most databases
  std::size_t line = 0;     // in the header file
};

// One line of a multi-segment record's header.
struct SegmentHeader {
  std::string name;  // a record beside the header; "~" for a gap
  std::uint64_t samples = 0;
  std::size_t line = 0;
};

struct Header {
  std::string file;  // the path it was read from, for messages
  std::string name;
  double sampling_rate = 250;  // frames per second
  double counter_frequency = 250;
  double base_counter = 0;
  std::size_t signal_count = 0;          // the record line's; signals.size() unless multi-segment
  std::optional<std::uint64_t> samples;  // frames; absent where the header does not say
  std::optional<double> base_time;       // seconds since midnight
  std::optional<record::Date> base_date;
  std::vector<SignalHeader> signals;    // empty in a multi-segment record
  std::vector<SegmentHeader> segments;  // empty in a single-segment record
  std::vector<std::string> info;        // comment lines after '#', trimmed
  std::vector<std::string> warnings;    // "file:line: field: what" for what was tolerated

  bool multi_segment() const { return !segments.empty(); }
};

// A header may have at most this many bytes, signals, segments and comment lines.
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxSignals = 1 << 14;
inline constexpr std::size_t kMaxSegments = 1 << 18;
inline constexpr std::size_t kMaxInfoLines = 1 << 16;

// Accepts any bytes; whatever is not a header is an error that names file, line and field and says
// what was expected. Beyond header(5): whatever DecodeText reads, CR LF, a date before the time and
// dates with dashes and month names ("12-May-2020 12:33:59"), and the modifiers of a format in any
// order.
Result<Header> ParseHeader(std::string_view bytes, const std::string& file);
Result<Header> ReadHeader(const std::filesystem::path& path);

// True for a name that stays in the folder of the header: not empty, no '/' and no '\', not "."
// or "..".
bool IsPlainFileName(std::string_view name);

}  // namespace ecg::wfdb
