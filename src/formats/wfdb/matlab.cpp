#include "ecg/formats/wfdb/matlab.h"

#include <array>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "src/formats/wfdb/matlab5.h"
#include "src/record/bytes.h"
#include "src/record/matlab5.h"

namespace ecg::wfdb {
namespace {

constexpr std::uint64_t kPreambleBytes = 20;
constexpr std::uint32_t kMaxNameBytes = 256;
constexpr std::size_t kMaxMatrices = 4096;
constexpr std::uint32_t kMaxDimension = 0x7fffffff;

std::uint64_t BytesOf(MatlabType type) {
  constexpr std::array<std::uint64_t, 8> kBytes = {8, 4, 4, 2, 2, 1, 1, 4};
  return kBytes[static_cast<std::size_t>(type)];
}

double LoadValue(const char* p, MatlabType type, bool big_endian) {
  switch (type) {
    case MatlabType::kFloat64:
      return record::Load<double>(p, big_endian);
    case MatlabType::kFloat32:
      return static_cast<double>(record::Load<float>(p, big_endian));
    case MatlabType::kInt32:
      return record::Load<std::int32_t>(p, big_endian);
    case MatlabType::kInt16:
      return record::Load<std::int16_t>(p, big_endian);
    case MatlabType::kUint16:
      return record::Load<std::uint16_t>(p, big_endian);
    case MatlabType::kUint8:
      return static_cast<std::uint8_t>(*p);
    case MatlabType::kInt8:
      return static_cast<std::int8_t>(*p);
    case MatlabType::kUint32:
      return record::Load<std::uint32_t>(p, big_endian);
  }
  return 0;
}

// The type word has the decimal digits M O P T: machine, 0, number format, kind of matrix.
Status ParseType(std::uint32_t word, const std::string& file, MatlabMatrix& matrix) {
  const std::uint32_t machine = word / 1000, zero = word / 100 % 10, format = word / 10 % 10,
                      kind = word % 10;
  if (machine > 4 || zero != 0 || format > 5 || kind > 2) {
    return InputError("not a MATLAB file of version 4 or 5", file, 0, "type");
  }
  if (machine > 1) return InputError("VAX and Cray numbers are not read", file, 0, "type");
  if (kind == 2) return InputError("sparse matrices are not read", file, 0, "type");
  matrix.type = static_cast<MatlabType>(format);
  matrix.text = kind == 1;
  return {};
}

}  // namespace

const char* NameOf(MatlabType type) {
  constexpr std::array<const char*, 8> kNames = {"float64", "float32", "int32", "int16",
                                                 "uint16",  "uint8",   "int8",  "uint32"};
  return kNames[static_cast<std::size_t>(type)];
}

std::uint64_t MatlabMatrix::DataBytes() const {
  // 2^31 x 2^31 values of 8 bytes: one bit more than 64 have, so the product is saturated.
  const std::uint64_t values = rows * columns;
  return values > (std::uint64_t{1} << 60) ? ~std::uint64_t{0} : values * BytesOf(type);
}

Result<MatlabMatrix> ParseMatlabPreamble(std::string_view bytes, std::uint64_t offset,
                                         const std::string& file) {
  if (record::HasMatlabText(bytes)) return ParseMatlab5(bytes, offset, file);
  if (bytes.size() < offset || bytes.size() - offset < kPreambleBytes) {
    return InputError("too short for the preamble of a MATLAB matrix", file);
  }
  MatlabMatrix matrix;
  std::uint32_t type = record::Load<std::uint32_t>(bytes.data() + offset, false);
  // Read with the wrong byte order, a type word is always beyond 4999.
  if (type > 4052) {
    matrix.big_endian = true;
    type = record::Load<std::uint32_t>(bytes.data() + offset, true);
  }
  if (const Status parsed = ParseType(type, file, matrix); !parsed.ok()) return parsed.error();
  if ((type / 1000 == 1) != matrix.big_endian) {
    return InputError("the type word contradicts the byte order", file, 0, "type");
  }
  const std::uint32_t rows =
      record::Load<std::uint32_t>(bytes.data() + offset + 4, matrix.big_endian);
  const std::uint32_t columns =
      record::Load<std::uint32_t>(bytes.data() + offset + 8, matrix.big_endian);
  if (rows > kMaxDimension || columns > kMaxDimension) {
    return InputError("a negative dimension", file, 0, "dimensions");
  }
  matrix.rows = rows;
  matrix.columns = columns;
  matrix.complex = record::Load<std::uint32_t>(bytes.data() + offset + 12, matrix.big_endian) != 0;
  const std::uint32_t name_bytes =
      record::Load<std::uint32_t>(bytes.data() + offset + 16, matrix.big_endian);
  if (name_bytes == 0 || name_bytes > kMaxNameBytes ||
      bytes.size() - offset - kPreambleBytes < name_bytes) {
    return InputError("expected a name of 1 to " + std::to_string(kMaxNameBytes) + " bytes", file,
                      0, "name");
  }
  const std::string_view name = bytes.substr(offset + kPreambleBytes, name_bytes);
  matrix.name = std::string(name.substr(0, name.find('\0')));
  matrix.data_offset = offset + kPreambleBytes + name_bytes;
  matrix.next_offset = matrix.data_offset + (matrix.complex ? 2 : 1) * matrix.DataBytes();
  return matrix;
}

Result<MatlabFile> MatlabFile::Parse(std::string bytes, const std::string& file) {
  MatlabFile result;
  result.bytes_ = std::move(bytes);
  std::uint64_t offset = 0;
  do {
    Result<MatlabMatrix> matrix = ParseMatlabPreamble(result.bytes_, offset, file);
    if (!matrix.ok()) return matrix.error();
    const std::uint64_t left = result.bytes_.size() - matrix->data_offset;
    const bool both_parts = matrix->complex && matrix->version == 4;
    if (matrix->DataBytes() > left / (both_parts ? 2 : 1)) {
      return InputError("matrix " + std::to_string(matrix->rows) + " x " +
                            std::to_string(matrix->columns) + " does not fit in what follows, " +
                            Counted(left, "byte"),
                        file, 0, "dimensions");
    }
    if (result.matrices_.size() == kMaxMatrices) return InputError("too many matrices", file);
    offset = matrix->next_offset;
    result.matrices_.push_back(std::move(*matrix));
  } while (offset < result.bytes_.size());
  return result;
}

Result<MatlabFile> MatlabFile::Read(const std::filesystem::path& path) {
  Result<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.error();
  return Parse(std::move(*bytes), path.string());
}

const MatlabMatrix* MatlabFile::Find(std::string_view name) const {
  for (const MatlabMatrix& matrix : matrices_) {
    if (matrix.name == name) return &matrix;
  }
  return nullptr;
}

double MatlabFile::At(const MatlabMatrix& matrix, std::uint64_t row, std::uint64_t column) const {
  const std::uint64_t index = column * matrix.rows + row;
  return LoadValue(bytes_.data() + matrix.data_offset + index * BytesOf(matrix.type), matrix.type,
                   matrix.big_endian);
}

std::vector<double> MatlabFile::Values(const MatlabMatrix& matrix) const {
  std::vector<double> values;
  if (matrix.columns == 0) return values;  // whatever the number of rows
  values.reserve(matrix.rows * matrix.columns);
  for (std::uint64_t row = 0; row < matrix.rows; ++row) {
    for (std::uint64_t column = 0; column < matrix.columns; ++column) {
      values.push_back(At(matrix, row, column));
    }
  }
  return values;
}

bool HasMatlabName(std::string_view file_name) {
  return file_name.size() >= 4 && ToLower(file_name.substr(file_name.size() - 4)) == ".mat";
}

}  // namespace ecg::wfdb
