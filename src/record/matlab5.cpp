#include "src/record/matlab5.h"

#include <limits>
#include <utility>

#include "src/record/bytes.h"

namespace ecg::record {
namespace {

constexpr std::string_view kText = "MATLAB ";
constexpr std::uint64_t kHeaderBytes = 128, kVersionOffset = 124, kOrderOffset = 126;
constexpr std::uint64_t kTagBytes = 8;
constexpr std::uint32_t kMaxNameBytes = 256, kMaxDimensionBytes = 32 * 4;
constexpr std::uint32_t kComplexFlag = 0x800;

}  // namespace

std::size_t ElementBytes(std::uint32_t type) {
  switch (type) {
    case kMatlabInt8:
    case 2:  // uint8
    case kMatlabUtf8:
      return 1;
    case 3:  // int16
    case 4:  // uint16
    case kMatlabUtf16:
      return 2;
    case kMatlabInt32:
    case kMatlabUint32:
    case 7:  // float
    case kMatlabUtf32:
      return 4;
    case 9:   // double
    case 12:  // int64
    case 13:  // uint64
      return 8;
    default:
      return 0;
  }
}

bool HasMatlabText(std::string_view bytes) { return bytes.substr(0, kText.size()) == kText; }

Error MatlabElements::Fail(const char* field, std::string message) const {
  return InputError(std::move(message), file_, 0, field);
}

std::uint32_t MatlabElements::Word(std::uint64_t offset) const {
  return Load<std::uint32_t>(bytes_.data() + offset, big_endian_);
}

Result<MatlabElements> MatlabElements::OfFile(std::string_view bytes, const std::string& file) {
  MatlabElements elements(bytes, kHeaderBytes, false, file);
  if (bytes.size() < kHeaderBytes) {
    return elements.Fail("header", "too short for a MATLAB file");
  }
  const std::string_view order = bytes.substr(kOrderOffset, 2);
  if (order != "IM" && order != "MI") {
    return elements.Fail("header", "says no byte order (IM or MI)");
  }
  elements.big_endian_ = order == "MI";
  const auto version = Load<std::uint16_t>(bytes.data() + kVersionOffset, elements.big_endian_);
  if (version != 0x0100) return elements.Fail("header", "not of version 5");
  return elements;
}

// Up to four bytes stand within the tag itself, where its first half is the length; elements begin
// at multiples of 8 bytes, but for compressed ones.
Result<MatlabElement> MatlabElements::Next() {
  if (bytes_.size() < offset_ || bytes_.size() - offset_ < kTagBytes) {
    return Fail("type", "too short for the tag of an element");
  }
  MatlabElement element;
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
    const std::uint64_t bytes = element.bytes;
    element.next = element.data + (element.type == kMatlabCompressed ? bytes : (bytes + 7) / 8 * 8);
  }
  offset_ = element.next;
  return element;
}

Result<MatlabElement> MatlabElements::Next(const char* field, std::uint32_t type) {
  Result<MatlabElement> element = Next();
  if (!element.ok()) return element;
  if (element->type != type || bytes_.size() - element->data < element->bytes) {
    return Fail(field, "missing");
  }
  return element;
}

Result<MatlabArrayBegin> MatlabElements::NextArrayBegin() {
  MatlabArrayBegin begin;
  const Result<MatlabElement> flags = Next("type", kMatlabUint32);
  if (!flags.ok()) return flags.error();
  if (flags->bytes != 8) return Fail("type", "expected flags of 8 bytes");
  const std::uint32_t word = Word(flags->data);
  begin.array_class = word & 0xff;
  begin.complex = (word & kComplexFlag) != 0;

  const Result<MatlabElement> dimensions = Next("dimensions", kMatlabInt32);
  if (!dimensions.ok()) return dimensions.error();
  if (dimensions->bytes % 4 != 0 || dimensions->bytes > kMaxDimensionBytes) {
    return Fail("dimensions", "too many");
  }
  for (std::uint32_t at = 0; at < dimensions->bytes; at += 4) {
    begin.dimensions.push_back(Word(dimensions->data + at));
    if (begin.dimensions.back() > std::numeric_limits<std::int32_t>::max()) {
      return Fail("dimensions", "a negative dimension");
    }
  }

  const Result<MatlabElement> name = Next("name", kMatlabInt8);
  if (!name.ok()) return name.error();
  if (name->bytes > kMaxNameBytes) {
    return Fail("name", "longer than " + std::to_string(kMaxNameBytes) + " bytes");
  }
  const std::string_view text = Data(*name);
  begin.name = std::string(text.substr(0, text.find('\0')));
  return begin;
}

}  // namespace ecg::record
