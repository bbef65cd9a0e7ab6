// What MATLAB files of version 5 are made of (MathWorks' MAT-File Format): elements within
// elements, each with a tag that says type and length, and arrays, elements that begin alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::record {

// Types of elements. Those of numbers are in ElementBytes.
inline constexpr std::uint32_t kMatlabInt8 = 1, kMatlabInt32 = 5, kMatlabUint32 = 6,
                               kMatlabArray = 14, kMatlabCompressed = 15, kMatlabUtf8 = 16,
                               kMatlabUtf16 = 17, kMatlabUtf32 = 18;
// Classes of arrays.
inline constexpr std::uint32_t kMatlabCell = 1, kMatlabStructure = 2, kMatlabText = 4,
                               kMatlabFirstNumber = 6, kMatlabLastNumber = 15;

// What a tag says.
struct MatlabElement {
  std::uint32_t type = 0, bytes = 0;
  std::uint64_t data = 0;  // where its data begin
  std::uint64_t next = 0;  // where the next element begins
};

// How an array begins; what follows depends on its class.
struct MatlabArrayBegin {
  std::uint32_t array_class = 0;
  bool complex = false;
  std::vector<std::uint32_t> dimensions;  // 31 bits each
  std::string name;                       // empty within others
};

// Bytes of a value of an element of numbers or characters; 0 for other elements.
std::size_t ElementBytes(std::uint32_t type);

// Whether a file begins with the words of versions 5 and 7.3, which version 4 has no room for.
bool HasMatlabText(std::string_view bytes);

// Reads elements one after the other. Errors name the file and the field.
class MatlabElements {
 public:
  // Of a file, behind its header.
  static Result<MatlabElements> OfFile(std::string_view bytes, const std::string& file);
  // Of other bytes from that file, as those that were compressed.
  MatlabElements Of(std::string_view bytes) const {
    return MatlabElements(bytes, 0, big_endian_, file_);
  }

  bool big_endian() const { return big_endian_; }
  std::string_view bytes() const { return bytes_; }
  std::uint64_t offset() const { return offset_; }
  void MoveTo(std::uint64_t offset) { offset_ = offset; }
  bool AtEnd() const { return offset_ >= bytes_.size(); }

  // The next element, whose data need not be there; moves behind it.
  Result<MatlabElement> Next();
  // The next element, which must have this type and lie within the bytes.
  Result<MatlabElement> Next(const char* field, std::uint32_t type);
  // At the data of an array; moves to what follows its name.
  Result<MatlabArrayBegin> NextArrayBegin();

  std::uint32_t Word(std::uint64_t offset) const;
  std::string_view Data(const MatlabElement& element) const {
    return bytes_.substr(element.data, element.bytes);
  }
  Error Fail(const char* field, std::string message) const;

 private:
  MatlabElements(std::string_view bytes, std::uint64_t offset, bool big_endian, std::string file)
      : bytes_(bytes), offset_(offset), big_endian_(big_endian), file_(std::move(file)) {}

  std::string_view bytes_;
  std::uint64_t offset_;
  bool big_endian_;
  std::string file_;
};

}  // namespace ecg::record
