// Types and shapes, and values of stored bytes.
#include <algorithm>
#include <optional>
#include <utility>

#include "src/formats/hdf5/dataset.h"
#include "src/record/bytes.h"
#include "src/record/half.h"

namespace ecg::hdf5 {
namespace {

using record::Load;

constexpr std::size_t kMostAxes = 8;
constexpr std::size_t kMostBytes = 65536;      // of a value, which may be a text
constexpr std::size_t kMostHeapBytes = 65536;  // of texts; the library makes them of 4096
constexpr std::size_t kMostValues = std::size_t{1} << 40;

Type ParseType(const Source& source, std::string_view data) {
  Cursor cursor = source.At(data);
  const unsigned kind = cursor.Byte() & 0xFU;
  const std::uint64_t bits = cursor.Number(3);
  Type type;
  type.bytes = cursor.Number(4);
  type.big_endian = (bits & 1U) != 0;
  if (kind == 0) {
    const std::uint64_t offset = cursor.Number(2), precision = cursor.Number(2);
    const bool whole = type.bytes == 1 || type.bytes == 2 || type.bytes == 4 || type.bytes == 8;
    if (whole && offset == 0 && precision == 8 * type.bytes) {
      type.kind = (bits & 8U) != 0 ? Kind::kInteger : Kind::kUnsigned;
    }
  } else if (kind == 1) {
    cursor.Skip(4);
    const unsigned exponent_at = cursor.Byte(), exponent = cursor.Byte();
    const unsigned mantissa_at = cursor.Byte(), mantissa = cursor.Byte();
    const bool ieee = (type.bytes == 2 && exponent == 5 && mantissa == 10) ||
                      (type.bytes == 4 && exponent == 8 && mantissa == 23) ||
                      (type.bytes == 8 && exponent == 11 && mantissa == 52);
    const bool vax = (bits & 0x40U) != 0;
    if (ieee && !vax && mantissa_at == 0 && exponent_at == mantissa) type.kind = Kind::kFloat;
  } else if (kind == 3) {
    type.kind = Kind::kText;
  } else if (kind == 9 && (bits & 0xFU) == 1) {
    const bool sized = type.bytes == 8 + std::size_t{source.offset_bytes()};
    type.kind = sized ? Kind::kTextElsewhere : Kind::kOther;
  }
  if (cursor.failed() || type.bytes == 0 || type.bytes > kMostBytes) return {};
  return type;
}

// Nothing where there are no values, or too many axes.
std::optional<Values> ParseShape(const Source& source, std::string_view data) {
  Cursor cursor = source.At(data);
  const unsigned version = cursor.Byte(), axes = cursor.Byte();
  cursor.Skip(1);  // flags
  const unsigned kind = cursor.Byte();
  if (version == 1) cursor.Skip(4);
  constexpr unsigned kNothing = 2;
  if (version < 1 || version > 2 || axes > kMostAxes || (version == 2 && kind == kNothing)) {
    return {};
  }
  Values values;
  for (unsigned i = 0; i < axes; ++i) {
    const std::uint64_t axis = cursor.Length();
    if (axis > kMostValues || (axis != 0 && values.count > kMostValues / axis)) return {};
    values.shape.push_back(axis);
    values.count *= axis;
  }
  if (cursor.failed()) return {};
  return values;
}

double ValueAt(const char* p, const Type& type) {
  const bool big = type.big_endian;
  switch (type.kind) {
    case Kind::kFloat:
      if (type.bytes == 2) {
        return static_cast<double>(record::HalfToFloat(Load<std::uint16_t>(p, big)));
      }
      if (type.bytes == 4) return static_cast<double>(Load<float>(p, big));
      return Load<double>(p, big);
    case Kind::kInteger:
      if (type.bytes == 1) return Load<std::int8_t>(p);
      if (type.bytes == 2) return Load<std::int16_t>(p, big);
      if (type.bytes == 4) return Load<std::int32_t>(p, big);
      return static_cast<double>(Load<std::int64_t>(p, big));
    case Kind::kUnsigned:
      if (type.bytes == 1) return Load<std::uint8_t>(p);
      if (type.bytes == 2) return Load<std::uint16_t>(p, big);
      if (type.bytes == 4) return Load<std::uint32_t>(p, big);
      return static_cast<double>(Load<std::uint64_t>(p, big));
    default:
      return 0;
  }
}

// A text in a collection of objects of any length.
Result<std::string> TextElsewhere(Source& source, std::string_view reference) {
  Cursor cursor = source.At(reference);
  const std::uint64_t length = cursor.Number(4), heap = cursor.Offset();
  const std::uint64_t wanted = cursor.Number(4);
  if (length == 0) return std::string();
  const std::size_t front_bytes = 8 + std::size_t{cursor.length_bytes()};
  const Result<std::string> front = source.Read(heap, front_bytes);
  if (!front.ok()) return front.error();
  Cursor header = source.At(*front);
  const bool is_heap = header.Bytes(4) == "GCOL";
  header.Skip(4);
  const std::uint64_t size = header.Length();
  if (!is_heap || size < front_bytes) return source.Fail("global heap", "is none");
  // Each text of it is searched for.
  if (size > kMostHeapBytes) return source.Fail("global heap", "too large");
  const Result<std::string_view> bytes = source.ReadKept(heap + front_bytes, size - front_bytes);
  if (!bytes.ok()) return bytes.error();
  Cursor objects = source.At(*bytes);
  while (objects.left() > 0 && !objects.failed()) {
    const std::uint64_t index = objects.Number(2);
    objects.Skip(6);  // references and what fills up
    const std::uint64_t object_bytes = objects.Length();
    const std::string_view object = objects.Bytes(object_bytes);
    objects.Align8();
    if (index == 0) break;  // what is free
    if (index == wanted) return std::string(object.substr(0, length));
  }
  return source.Fail("global heap", "holds no such text");
}

}  // namespace

std::optional<Attribute> ParseAttribute(const Source& source, const Message& message) {
  if (message.shared) return {};
  Cursor cursor = source.At(message.data);
  const unsigned version = cursor.Byte(), flags = cursor.Byte();
  const std::uint64_t name_bytes = cursor.Number(2), type_bytes = cursor.Number(2);
  const std::uint64_t shape_bytes = cursor.Number(2);
  if (version < 1 || version > 3 || (version > 1 && flags != 0)) return {};
  if (version == 3) cursor.Skip(1);  // characters
  const auto part = [&](std::uint64_t bytes) {
    const std::string_view text = cursor.Bytes(bytes);
    if (version == 1) cursor.Align8();
    return text;
  };
  const std::string_view name = part(name_bytes);
  const Type type = ParseType(source, part(type_bytes));
  const std::optional<Values> values = ParseShape(source, part(shape_bytes));
  if (cursor.failed() || !values) return {};
  Attribute attribute;
  static_cast<Values&>(attribute) = *values;
  attribute.type = type;
  attribute.name = record::FixedText(name);
  if (type.kind == Kind::kOther || attribute.count > cursor.left() / type.bytes) return {};
  attribute.data = std::string(cursor.Bytes(attribute.bytes()));
  return attribute;
}

Result<std::optional<Dataset>> ParseShapeOfDataset(const Source& source,
                                                   const std::vector<Message>& messages) {
  const Message* shape = Find(messages, kDataspaceMessage);
  if (shape == nullptr || Find(messages, kLayoutMessage) == nullptr) {
    return std::optional<Dataset>();
  }
  const std::optional<Values> values = ParseShape(source, shape->data);
  if (!values) return std::optional<Dataset>();
  Dataset dataset;
  static_cast<Values&>(dataset) = *values;
  if (const Message* type = Find(messages, kDatatypeMessage); type != nullptr) {
    dataset.type = ParseType(source, type->data);
  }
  return std::optional<Dataset>(std::move(dataset));
}

std::vector<float> ToFloats(std::string_view bytes, const Type& type) {
  std::vector<float> values(bytes.size() / type.bytes);
  const char* from = bytes.data();
  for (float& value : values) {
    value = static_cast<float>(ValueAt(from, type));
    from += type.bytes;
  }
  return values;
}

double ToNumber(std::string_view bytes, const Type& type) { return ValueAt(bytes.data(), type); }

Result<std::vector<std::string>> ToTexts(Source& source, std::string_view bytes,
                                         const Values& values) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < values.count; ++i) {
    const std::string_view stored = bytes.substr(i * values.type.bytes, values.type.bytes);
    if (values.type.kind == Kind::kText) {
      texts.push_back(record::FixedText(stored));
      continue;
    }
    const Result<std::string> text = TextElsewhere(source, stored);
    if (!text.ok()) return text.error();
    texts.push_back(record::FixedText(*text));
  }
  return texts;
}

}  // namespace ecg::hdf5
