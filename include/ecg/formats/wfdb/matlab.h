// MATLAB files of version 4 (Level 1.0), in which the challenge stores its signals, and of version
// 5 without compression, which WFDB's wfdb2mat writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::wfdb {

// How values are stored; the first six in the order of version 4.
enum class MatlabType { kFloat64, kFloat32, kInt32, kInt16, kUint16, kUint8, kInt8, kUint32 };

// As in "int16".
const char* NameOf(MatlabType type);

// What stands before the values of a matrix.
struct MatlabMatrix {
  std::string name;
  int version = 4;
  MatlabType type = MatlabType::kFloat64;
  bool big_endian = false;
  bool text = false;     // the values are characters
  bool complex = false;  // the imaginary parts, which are not read, follow the real ones
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::uint64_t data_offset = 0;  // of the values in the file, stored column by column
  std::uint64_t next_offset = 0;  // of the matrix that follows, if one does

  // Of the real values. Never overflows: dimensions have 31 bits.
  std::uint64_t DataBytes() const;
};

// The matrix whose preamble starts at `offset`, 0 for the first; `bytes` are those of the file from
// its beginning. Version 7.3, compressed and sparse matrices, other variables than matrices, and
// number formats of other machines are errors that say so. The values need not be there.
Result<MatlabMatrix> ParseMatlabPreamble(std::string_view bytes, std::uint64_t offset,
                                         const std::string& file);

// A file of one or more matrices. Keeps the bytes as they are, so it needs no more memory than the
// file has bytes.
class MatlabFile {
 public:
  static Result<MatlabFile> Parse(std::string bytes, const std::string& file);
  static Result<MatlabFile> Read(const std::filesystem::path& path);

  const std::vector<MatlabMatrix>& matrices() const { return matrices_; }
  // The matrix of that name, or null.
  const MatlabMatrix* Find(std::string_view name) const;
  // A real value; `row` and `column` count from 0.
  double At(const MatlabMatrix& matrix, std::uint64_t row, std::uint64_t column) const;
  // The real values, [rows][columns].
  std::vector<double> Values(const MatlabMatrix& matrix) const;

 private:
  std::string bytes_;
  std::vector<MatlabMatrix> matrices_;
};

// True for a file name that ends in ".mat".
bool HasMatlabName(std::string_view file_name);

}  // namespace ecg::wfdb
