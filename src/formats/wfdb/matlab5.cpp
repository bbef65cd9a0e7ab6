#include "src/formats/wfdb/matlab5.h"

#include <array>
#include <optional>
#include <utility>

#include "src/record/matlab5.h"

namespace ecg::wfdb {
namespace {

// How an element's values are stored, whatever the class of the array.
std::optional<MatlabType> StoredType(std::uint32_t element) {
  constexpr std::array<std::pair<std::uint32_t, MatlabType>, 10> kTypes = {
      {{1, MatlabType::kInt8},
       {2, MatlabType::kUint8},
       {3, MatlabType::kInt16},
       {4, MatlabType::kUint16},
       {5, MatlabType::kInt32},
       {6, MatlabType::kUint32},
       {7, MatlabType::kFloat32},
       {9, MatlabType::kFloat64},
       {record::kMatlabUtf8, MatlabType::kUint8},
       {record::kMatlabUtf16, MatlabType::kUint16}}};
  for (const auto& [number, type] : kTypes) {
    if (number == element) return type;
  }
  return {};
}

Status CheckClass(const record::MatlabElements& elements, std::uint32_t array_class) {
  if (array_class == record::kMatlabText ||
      (array_class >= record::kMatlabFirstNumber && array_class <= record::kMatlabLastNumber)) {
    return {};
  }
  return elements.Fail("type", "cells, structures, objects and sparse matrices are not read");
}

Status ReadTagOfValues(record::MatlabElements& elements, MatlabMatrix& matrix) {
  const Result<record::MatlabElement> values = elements.Next();
  if (!values.ok()) return values.error();
  const std::optional<MatlabType> type = StoredType(values->type);
  if (!type) {
    return elements.Fail("type",
                         "values of type " + std::to_string(values->type) + " are not read");
  }
  matrix.type = *type;
  matrix.data_offset = values->data;
  if (matrix.DataBytes() == values->bytes) return {};
  return elements.Fail("dimensions", std::to_string(matrix.rows) + " x " +
                                         std::to_string(matrix.columns) + " " + NameOf(*type) +
                                         " do not take the " + std::to_string(values->bytes) +
                                         " bytes of the values");
}

}  // namespace

Result<MatlabMatrix> ParseMatlab5(std::string_view bytes, std::uint64_t offset,
                                  const std::string& file) {
  const std::string_view version = bytes.substr(std::min<std::size_t>(7, bytes.size()), 3);
  if (version.substr(0, 1) != "5") {
    return InputError("a MATLAB file of version " + std::string(version) +
                          "; save it with version 5 without compression, or 4 (-v4)",
                      file);
  }
  Result<record::MatlabElements> elements = record::MatlabElements::OfFile(bytes, file);
  if (!elements.ok()) return elements.error();
  if (offset != 0) elements->MoveTo(offset);
  const Result<record::MatlabElement> whole = elements->Next();
  if (!whole.ok()) return whole.error();
  if (whole->type == record::kMatlabCompressed) {
    return elements->Fail("type",
                          "compressed: save it without compression, or with version 4 (-v4)");
  }
  if (whole->type != record::kMatlabArray) {
    return elements->Fail(
        "type", "expected a matrix, found an element of type " + std::to_string(whole->type));
  }
  elements->MoveTo(whole->data);
  const Result<record::MatlabArrayBegin> begin = elements->NextArrayBegin();
  if (!begin.ok()) return begin.error();
  if (const Status read = CheckClass(*elements, begin->array_class); !read.ok()) {
    return read.error();
  }
  if (begin->dimensions.size() != 2) {
    return elements->Fail("dimensions",
                          "expected 2, found " + std::to_string(begin->dimensions.size()));
  }
  MatlabMatrix matrix;
  matrix.version = 5;
  matrix.big_endian = elements->big_endian();
  matrix.text = begin->array_class == record::kMatlabText;
  matrix.complex = begin->complex;
  matrix.name = begin->name;
  matrix.rows = begin->dimensions[0];
  matrix.columns = begin->dimensions[1];
  if (const Status values = ReadTagOfValues(*elements, matrix); !values.ok()) {
    return values.error();
  }
  matrix.next_offset = whole->next;
  if (matrix.data_offset + matrix.DataBytes() > whole->next) {
    return elements->Fail("dimensions", "the values are longer than the matrix");
  }
  return matrix;
}

}  // namespace ecg::wfdb
