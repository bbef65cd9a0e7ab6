#include "src/formats/wfdb/matlab5.h"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "src/record/bytes.h"

namespace ecg::wfdb {
namespace {

constexpr std::string_view kText = "MATLAB ";
constexpr std::uint64_t kHeaderBytes = 128, kVersionOffset = 124, kOrderOffset = 126;
constexpr std::uint64_t kTagBytes = 8;
constexpr std::uint32_t kMaxNameBytes = 256;

// Types of elements.
constexpr std::uint32_t kInt8Element = 1, kInt32Element = 5, kUint32Element = 6, kMatrix = 14,
                        kCompressed = 15;
// Of an array's flags.
constexpr std::uint32_t kComplexFlag = 0x800, kCharacterClass = 4, kFirstNumberClass = 6,
                        kLastNumberClass = 15;

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
       {16, MatlabType::kUint8},     // characters in UTF-8
       {17, MatlabType::kUint16}}};  // and in UTF-16
  for (const auto& [number, type] : kTypes) {
    if (number == element) return type;
  }
  return {};
}

// What a tag says.
struct Element {
  std::uint32_t type = 0, bytes = 0;
  std::uint64_t data = 0;  // where its data begin
  std::uint64_t next = 0;  // where the next element begins
};

class Parser {
 public:
  Parser(std::string_view bytes, std::uint64_t offset, const std::string& file)
      : bytes_(bytes), offset_(offset), file_(file) {}

  Result<MatlabMatrix> Parse() {
    if (const Status header = ReadFileHeader(); !header.ok()) return header.error();
    const Result<Element> whole = Next();
    if (!whole.ok()) return whole.error();
    if (whole->type == kCompressed) {
      return Fail("type", "compressed: save it without compression, or with version 4 (-v4)");
    }
    if (whole->type != kMatrix) {
      return Fail("type",
                  "expected a matrix, found an element of type " + std::to_string(whole->type));
    }
    offset_ = whole->data;
    for (const auto read : {&Parser::ReadFlags, &Parser::ReadDimensions, &Parser::ReadName,
                            &Parser::ReadTagOfValues}) {
      if (const Status status = (this->*read)(); !status.ok()) return status.error();
    }
    matrix_.next_offset = whole->next;
    if (matrix_.data_offset + matrix_.DataBytes() > whole->next) {
      return Fail("dimensions", "the values are longer than the matrix");
    }
    return std::move(matrix_);
  }

 private:
  Error Fail(const char* field, std::string message) const {
    return InputError(std::move(message), file_, 0, field);
  }

  std::uint32_t Word(std::uint64_t offset) const {
    return record::Load<std::uint32_t>(bytes_.data() + offset, matrix_.big_endian);
  }

  // Byte order and version, which hold for every matrix.
  Status ReadFileHeader() {
    if (bytes_.size() < kHeaderBytes) return Fail("header", "too short for a MATLAB file");
    const std::string_view order = bytes_.substr(kOrderOffset, 2);
    if (order != "IM" && order != "MI") return Fail("header", "says no byte order (IM or MI)");
    matrix_.version = 5;
    matrix_.big_endian = order == "MI";
    const auto version =
        record::Load<std::uint16_t>(bytes_.data() + kVersionOffset, matrix_.big_endian);
    if (version != 0x0100) return Fail("header", "not of version 5");
    if (offset_ == 0) offset_ = kHeaderBytes;
    return {};
  }

  // The element at offset_, which moves behind it. Up to four bytes stand within the tag itself,
  // where its first half is the length; elements begin at multiples of 8 bytes.
  Result<Element> Next() {
    if (bytes_.size() < offset_ || bytes_.size() - offset_ < kTagBytes) {
      return Fail("type", "too short for the tag of an element");
    }
    Element element;
    element.type = Word(offset_);
    if (const std::uint32_t small = element.type >> 16; small != 0) {
      element.type &= 0xffff;
      element.bytes = small;
      element.data = offset_ + 4;
      element.next = offset_ + kTagBytes;
      if (small > 4) return Fail("type", "an element of four bytes at most says more");
    } else {
      element.bytes = Word(offset_ + 4);
      element.data = offset_ + kTagBytes;
      element.next = element.data + (std::uint64_t{element.bytes} + 7) / 8 * 8;
    }
    offset_ = element.next;
    return element;
  }

  // The next element, which must have this type and lie within the bytes.
  Result<Element> Next(const char* field, std::uint32_t type) {
    Result<Element> element = Next();
    if (!element.ok()) return element;
    if (element->type != type || bytes_.size() - element->data < element->bytes) {
      return Fail(field, "missing");
    }
    return element;
  }

  Status ReadFlags() {
    const Result<Element> flags = Next("type", kUint32Element);
    if (!flags.ok()) return flags.error();
    if (flags->bytes != 8) return Fail("type", "expected flags of 8 bytes");
    const std::uint32_t word = Word(flags->data), kind = word & 0xff;
    matrix_.complex = (word & kComplexFlag) != 0;
    matrix_.text = kind == kCharacterClass;
    if (matrix_.text || (kind >= kFirstNumberClass && kind <= kLastNumberClass)) return {};
    return Fail("type", "cells, structures, objects and sparse matrices are not read");
  }

  Status ReadDimensions() {
    const Result<Element> dimensions = Next("dimensions", kInt32Element);
    if (!dimensions.ok()) return dimensions.error();
    if (dimensions->bytes != 8) {
      return Fail("dimensions", "expected 2, found " + std::to_string(dimensions->bytes / 4));
    }
    matrix_.rows = Word(dimensions->data);
    matrix_.columns = Word(dimensions->data + 4);
    constexpr std::uint32_t kMax = std::numeric_limits<std::int32_t>::max();
    if (matrix_.rows <= kMax && matrix_.columns <= kMax) return {};
    return Fail("dimensions", "a negative dimension");
  }

  Status ReadName() {
    const Result<Element> name = Next("name", kInt8Element);
    if (!name.ok()) return name.error();
    if (name->bytes > kMaxNameBytes) {
      return Fail("name", "longer than " + std::to_string(kMaxNameBytes) + " bytes");
    }
    const std::string_view text = bytes_.substr(name->data, name->bytes);
    matrix_.name = std::string(text.substr(0, text.find('\0')));
    return {};
  }

  Status ReadTagOfValues() {
    const Result<Element> values = Next();
    if (!values.ok()) return values.error();
    const std::optional<MatlabType> type = StoredType(values->type);
    if (!type) {
      return Fail("type", "values of type " + std::to_string(values->type) + " are not read");
    }
    matrix_.type = *type;
    matrix_.data_offset = values->data;
    if (matrix_.DataBytes() == values->bytes) return {};
    return Fail("dimensions", std::to_string(matrix_.rows) + " x " +
                                  std::to_string(matrix_.columns) + " " + NameOf(*type) +
                                  " do not take the " + std::to_string(values->bytes) +
                                  " bytes of the values");
  }

  std::string_view bytes_;
  std::uint64_t offset_;
  const std::string& file_;
  MatlabMatrix matrix_;
};

}  // namespace

bool HasMatlabText(std::string_view bytes) { return bytes.substr(0, kText.size()) == kText; }

Result<MatlabMatrix> ParseMatlab5(std::string_view bytes, std::uint64_t offset,
                                  const std::string& file) {
  const std::string_view version = bytes.substr(std::min(kText.size(), bytes.size()), 3);
  if (version.substr(0, 1) != "5") {
    return InputError("a MATLAB file of version " + std::string(version) +
                          "; save it with version 5 without compression, or 4 (-v4)",
                      file);
  }
  return Parser(bytes, offset, file).Parse();
}

}  // namespace ecg::wfdb
