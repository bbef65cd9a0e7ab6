// The header of a .npy file (numpy.lib.format, versions 1 to 3) and its values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::numpy {

struct NpyHeader {
  char kind = 'f';        // f, i, u or b
  std::size_t bytes = 4;  // of a value
  bool big_endian = false;
  bool fortran_order = false;  // the first axis runs fastest
  std::vector<std::size_t> shape;
  std::size_t data_offset = 0;

  std::size_t count() const;
  std::size_t data_bytes() const { return count() * bytes; }
};

inline constexpr std::string_view kNpyMagic = "\x93NUMPY";
// More than any header has.
inline constexpr std::size_t kMostHeaderBytes = 16384;

// From the first bytes of a file, kMostHeaderBytes or all of them.
Result<NpyHeader> ParseNpyHeader(std::string_view begin, const std::string& file);

// The values, the last axis running fastest. `data` has as many bytes as the header says.
std::vector<float> NpyValues(const NpyHeader& header, std::string_view data);

}  // namespace ecg::numpy
