#include "src/formats/matlab/variables.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "ecg/core/text.h"
#include "src/record/bytes.h"
#include "src/record/inflate.h"
#include "src/record/matlab5.h"

namespace ecg::matlab {
namespace {

using record::MatlabArrayBegin;
using record::MatlabElement;
using record::MatlabElements;
using record::NamedArray;

constexpr std::size_t kMostArrays = 65536;
constexpr int kMostDepth = 16;
constexpr std::uint32_t kMostFieldBytes = 256;  // of a field's name
// Of what all compressed variables unpack to: more than version 5 has room for in practice, less
// than a file of a few megabytes may ask for.
constexpr std::size_t kMostUnpackedBytes = std::size_t{512} << 20;
// What names leads and units is shorter.
constexpr std::size_t kMostTextBytes = 65536;

// Bytes that arrays are loaded from: a file, or what a variable unpacked to.
using Bytes = std::shared_ptr<const std::string>;

double ValueAt(const char* p, std::uint32_t type, bool big_endian) {
  switch (type) {
    case 1:
      return record::Load<std::int8_t>(p);
    case 3:
      return record::Load<std::int16_t>(p, big_endian);
    case 4:
    case record::kMatlabUtf16:
      return record::Load<std::uint16_t>(p, big_endian);
    case 5:
      return record::Load<std::int32_t>(p, big_endian);
    case 6:
    case record::kMatlabUtf32:
      return record::Load<std::uint32_t>(p, big_endian);
    case 7:
      return static_cast<double>(record::Load<float>(p, big_endian));
    case 9:
      return record::Load<double>(p, big_endian);
    case 12:
      return static_cast<double>(record::Load<std::int64_t>(p, big_endian));
    case 13:
      return static_cast<double>(record::Load<std::uint64_t>(p, big_endian));
    default:
      return record::Load<std::uint8_t>(p);
  }
}

// Values as they are stored: the first axis runs fastest.
struct Values {
  std::uint32_t type = 0;
  bool big_endian = false;
  std::size_t offset = 0;
  std::size_t rows = 1, columns = 1;  // the first axis, and all others

  double At(std::string_view bytes, std::size_t row, std::size_t column) const {
    const std::size_t index = column * rows + row;
    return ValueAt(bytes.data() + offset + index * record::ElementBytes(type), type, big_endian);
  }
};

// With at most two axes that are longer than 1, as all that is loaded has, only these two change
// places.
std::vector<float> Load(std::string_view bytes, const Values& values) {
  std::vector<float> loaded;
  loaded.reserve(values.rows * values.columns);
  for (std::size_t row = 0; row < values.rows; ++row) {
    for (std::size_t column = 0; column < values.columns; ++column) {
      loaded.push_back(static_cast<float>(values.At(bytes, row, column)));
    }
  }
  return loaded;
}

// A row of characters as UTF-8; those beyond Unicode's first 65,536 are no part of a lead's name.
std::string RowOfText(std::string_view bytes, const Values& values, std::size_t row) {
  std::string text;
  for (std::size_t column = 0; column < values.columns; ++column) {
    const double value = values.At(bytes, row, column);
    const std::uint32_t unit =
        value >= 0 && value < 65536 ? static_cast<std::uint32_t>(value) : '?';
    if (unit < 0x80 || record::ElementBytes(values.type) == 1) {
      text += static_cast<char>(unit);
    } else if (unit < 0x800) {
      text += static_cast<char>(0xC0 | unit >> 6);
      text += static_cast<char>(0x80 | (unit & 0x3F));
    } else {
      text += static_cast<char>(0xE0 | (unit >> 12 & 0xF));
      text += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (unit & 0x3F));
    }
  }
  return record::FixedText(text);
}

class Walker {
 public:
  Result<std::vector<NamedArray>> Walk(std::string bytes, const std::string& file) {
    const auto held = std::make_shared<const std::string>(std::move(bytes));
    Result<MatlabElements> elements = MatlabElements::OfFile(*held, file);
    if (!elements.ok()) return elements.error();
    while (!elements->AtEnd()) {
      const Result<MatlabElement> variable = elements->Next();
      if (!variable.ok()) return variable.error();
      const Status read = variable->type == record::kMatlabCompressed
                              ? ReadCompressed(*elements, *variable)
                              : ReadVariable(held, *elements, *variable);
      if (!read.ok()) return read.error();
    }
    return std::move(arrays_);
  }

 private:
  Status ReadCompressed(const MatlabElements& elements, const MatlabElement& element) {
    if (elements.bytes().size() - element.data < element.bytes) {
      return elements.Fail("compressed", "the file ends within it");
    }
    std::optional<std::string> unpacked = record::Inflate(
        elements.Data(element), record::Packing::kZlib, kMostUnpackedBytes - unpacked_ + 1);
    if (!unpacked) return elements.Fail("compressed", "damaged");
    unpacked_ += unpacked->size();
    if (unpacked_ > kMostUnpackedBytes) {
      return elements.Fail("compressed", "unpacks to more than 512 MiB");
    }
    const auto held = std::make_shared<const std::string>(std::move(*unpacked));
    MatlabElements inner = elements.Of(*held);
    const Result<MatlabElement> variable = inner.Next();
    if (!variable.ok()) return variable.error();
    return ReadVariable(held, inner, *variable);
  }

  // Where a variable is none of arrays, or has no name, it is the program's own.
  Status ReadVariable(const Bytes& bytes, const MatlabElements& elements,
                      const MatlabElement& element) {
    if (element.type != record::kMatlabArray) return {};
    return ReadArray(bytes, elements, element, {}, 0);
  }

  // An array, whose name is `path` within others.
  Status ReadArray(const Bytes& bytes, MatlabElements elements, const MatlabElement& element,
                   const std::string& path, int depth) {
    if (depth > kMostDepth) return elements.Fail("type", "nested too deeply");
    elements.MoveTo(element.data);
    const Result<MatlabArrayBegin> begin = elements.NextArrayBegin();
    if (!begin.ok()) return begin.error();
    const std::string name = path.empty() ? begin->name : path;
    if (name.empty()) return {};
    const std::uint32_t kind = begin->array_class;
    if (kind == record::kMatlabCell) return ReadCells(bytes, elements, *begin, name, depth);
    if (kind == record::kMatlabStructure) {
      return ReadStructure(bytes, elements, *begin, name, depth);
    }
    const bool number = kind >= record::kMatlabFirstNumber && kind <= record::kMatlabLastNumber;
    if (!number && kind != record::kMatlabText) return {};
    if (arrays_.size() == kMostArrays) return elements.Fail("type", "too many arrays");
    return ReadValues(bytes, elements, *begin, name);
  }

  // Elements that are arrays, named by `name_of`; texts alone are one array of texts.
  template <typename NameOf>
  Status ReadWithin(const Bytes& bytes, MatlabElements& elements, std::uint64_t count,
                    const NameOf& name_of, int depth) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const Result<MatlabElement> element = elements.Next("cell", record::kMatlabArray);
      if (!element.ok()) return element.error();
      if (element->bytes == 0) continue;  // nothing was put there
      const Status read = ReadArray(bytes, elements, *element, name_of(i), depth + 1);
      if (!read.ok()) return read;
    }
    return {};
  }

  Status ReadCells(const Bytes& bytes, MatlabElements& elements, const MatlabArrayBegin& begin,
                   const std::string& name, int depth) {
    const std::size_t before = arrays_.size();
    const auto name_of = [&](std::uint64_t i) { return name + "{" + std::to_string(i + 1) + "}"; };
    const Status read = ReadWithin(bytes, elements, Count(begin), name_of, depth);
    if (!read.ok()) return read;
    JoinTexts(before, name);
    return {};
  }

  // A list of names is a cell of texts.
  void JoinTexts(std::size_t first, const std::string& name) {
    NamedArray joined;
    joined.name = name;
    for (std::size_t i = first; i < arrays_.size(); ++i) {
      if (arrays_[i].texts.size() != 1) return;
      joined.texts.push_back(arrays_[i].texts.front());
    }
    if (joined.texts.empty()) return;
    arrays_.resize(first);
    joined.shape = {joined.texts.size()};
    arrays_.push_back(std::move(joined));
  }

  Status ReadStructure(const Bytes& bytes, MatlabElements& elements, const MatlabArrayBegin& begin,
                       const std::string& name, int depth) {
    const Result<MatlabElement> length = elements.Next("fields", record::kMatlabInt32);
    if (!length.ok()) return length.error();
    const Result<MatlabElement> names = elements.Next("fields", record::kMatlabInt8);
    if (!names.ok()) return names.error();
    const std::uint32_t width = length->bytes == 4 ? elements.Word(length->data) : 0;
    if (width == 0 || width > kMostFieldBytes || names->bytes % width != 0) {
      return elements.Fail("fields", "no names");
    }
    const std::string_view text = elements.Data(*names);
    const std::size_t fields = text.size() / width;
    const std::uint64_t count = Count(begin);
    const auto name_of = [&](std::uint64_t i) {
      const std::string which = count == 1 ? "" : "(" + std::to_string(i / fields + 1) + ")";
      return name + which + "." + record::FixedText(text.substr(i % fields * width, width));
    };
    if (fields == 0) return {};
    return ReadWithin(bytes, elements, count * fields, name_of, depth);
  }

  // As many as anything has room for: each takes a byte at least.
  static std::uint64_t Count(const MatlabArrayBegin& begin) {
    std::uint64_t count = 1;
    for (const std::uint32_t axis : begin.dimensions) {
      count = std::min<std::uint64_t>(count * axis, std::uint64_t{1} << 31);
    }
    return count;
  }

  Status ReadValues(const Bytes& bytes, MatlabElements& elements, const MatlabArrayBegin& begin,
                    const std::string& name) {
    const Result<MatlabElement> stored = elements.Next();
    if (!stored.ok()) return stored.error();
    const std::size_t each = record::ElementBytes(stored->type);
    const std::uint64_t count = Count(begin);
    if (each == 0 || elements.bytes().size() < stored->data ||
        elements.bytes().size() - stored->data < stored->bytes) {
      return elements.Fail("values", "missing, of " + name);
    }
    Values values;
    values.type = stored->type;
    values.big_endian = elements.big_endian();
    values.offset = stored->data;
    NamedArray array;
    array.name = name;
    array.shape.assign(begin.dimensions.begin(), begin.dimensions.end());
    // What has another number of characters than bytes is UTF-8.
    if (begin.array_class == record::kMatlabText) {
      return AddText(*bytes, values, *stored, std::move(array));
    }
    if (stored->bytes != count * each) {
      return elements.Fail(
          "dimensions",
          name + " does not take the " + std::to_string(stored->bytes) + " bytes of its values");
    }
    SplitAxes(array, count, values);
    if (count == 1) array.number = values.At(*bytes, 0, 0);
    array.load = [bytes, values]() -> Result<std::vector<float>> { return Load(*bytes, values); };
    arrays_.push_back(std::move(array));
    return {};
  }

  // The first axis longer than 1, and all others.
  static void SplitAxes(const NamedArray& array, std::uint64_t count, Values& values) {
    const auto first = std::find_if(array.shape.begin(), array.shape.end(),
                                    [](std::size_t axis) { return axis != 1; });
    values.rows = first == array.shape.end() ? 1 : *first;
    values.columns = values.rows == 0 ? 0 : count / values.rows;
  }

  Status AddText(std::string_view bytes, Values values, const MatlabElement& stored,
                 NamedArray array) {
    const std::size_t units = stored.bytes / record::ElementBytes(stored.type);
    if (units > kMostTextBytes) return {};
    values.rows = array.shape.empty() ? 1 : array.shape.front();
    if (values.rows == 0 || values.rows > units) return {};
    values.columns = units / values.rows;
    for (std::size_t row = 0; row < values.rows; ++row) {
      array.texts.push_back(RowOfText(bytes, values, row));
    }
    arrays_.push_back(std::move(array));
    return {};
  }

  std::vector<NamedArray> arrays_;
  std::size_t unpacked_ = 0;  // bytes so far
};

}  // namespace

Result<std::vector<NamedArray>> ReadVariables(std::string bytes, const std::string& file) {
  return Walker().Walk(std::move(bytes), file);
}

}  // namespace ecg::matlab
