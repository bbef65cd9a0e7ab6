#include "src/formats/numpy/npy.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "ecg/core/text.h"
#include "src/record/bytes.h"
#include "src/record/half.h"

namespace ecg::numpy {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 34;

// What stands behind 'key': in the text of a dictionary.
std::optional<std::string_view> ValueOf(std::string_view text, std::string_view key) {
  const std::size_t at = text.find("'" + std::string(key) + "'");
  if (at == std::string_view::npos) return {};
  const std::size_t colon = text.find(':', at);
  if (colon == std::string_view::npos) return {};
  return Trim(text.substr(colon + 1));
}

float ValueAt(const NpyHeader& header, const char* p) {
  const bool big = header.big_endian;
  switch (header.kind) {
    case 'f':
      if (header.bytes == 2) return record::HalfToFloat(record::Load<std::uint16_t>(p, big));
      if (header.bytes == 4) return record::Load<float>(p, big);
      return static_cast<float>(record::Load<double>(p, big));
    case 'i':
      if (header.bytes == 1) return static_cast<float>(record::Load<std::int8_t>(p));
      if (header.bytes == 2) return static_cast<float>(record::Load<std::int16_t>(p, big));
      if (header.bytes == 4) return static_cast<float>(record::Load<std::int32_t>(p, big));
      return static_cast<float>(record::Load<std::int64_t>(p, big));
    default:
      if (header.bytes == 1) return static_cast<float>(record::Load<std::uint8_t>(p));
      if (header.bytes == 2) return static_cast<float>(record::Load<std::uint16_t>(p, big));
      if (header.bytes == 4) return static_cast<float>(record::Load<std::uint32_t>(p, big));
      return static_cast<float>(record::Load<std::uint64_t>(p, big));
  }
}

class Parser {
 public:
  Parser(std::string_view begin, const std::string& file) : begin_(begin), file_(file) {}

  Result<NpyHeader> Parse() {
    if (begin_.substr(0, kNpyMagic.size()) != kNpyMagic || begin_.size() < 12) {
      return Fail("is no .npy array", "header");
    }
    const int version = static_cast<unsigned char>(begin_[6]);
    if (version < 1 || version > 3) return Fail("of an unknown version", "header");
    const std::size_t start = version == 1 ? 10 : 12;
    const std::size_t length = version == 1 ? record::Load<std::uint16_t>(begin_.data() + 8)
                                            : record::Load<std::uint32_t>(begin_.data() + 8);
    if (length > kMostHeaderBytes - start || start + length > begin_.size()) {
      return Fail("ends within it, or is too long", "header");
    }
    header_.data_offset = start + length;
    const std::string_view text = begin_.substr(start, length);
    for (const auto read : {&Parser::ReadType, &Parser::ReadOrder, &Parser::ReadShape}) {
      if (const Status status = (this->*read)(text); !status.ok()) return status.error();
    }
    return header_;
  }

 private:
  Error Fail(std::string message, std::string field) const {
    return InputError(std::move(message), file_, 0, std::move(field));
  }

  // As in '<f4'.
  Status ReadType(std::string_view text) {
    const auto value = ValueOf(text, "descr");
    if (!value) return Fail("not said", "descr");
    const std::string_view type = value->substr(0, 5);
    const bool plain = type.size() == 5 && type.front() == '\'' && type[4] == '\'';
    const std::size_t bytes = plain ? static_cast<std::size_t>(type[3] - '0') : 0;
    const char kind = plain ? type[2] : ' ', order = plain ? type[1] : ' ';
    const bool sized = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    const bool known =
        (kind == 'f' && bytes != 1) || kind == 'i' || kind == 'u' || (kind == 'b' && bytes == 1);
    if (!sized || !known || (order != '<' && order != '>' && order != '|' && order != '=')) {
      return Fail("numbers of this type are not read", "descr");
    }
    header_.kind = kind;
    header_.bytes = bytes;
    header_.big_endian = order == '>';
    return {};
  }

  Status ReadOrder(std::string_view text) {
    const auto value = ValueOf(text, "fortran_order");
    if (!value) return Fail("not said", "fortran_order");
    header_.fortran_order = value->substr(0, 4) == "True";
    return {};
  }

  Status ReadShape(std::string_view text) {
    const auto value = ValueOf(text, "shape");
    if (!value || value->empty() || value->front() != '(') return Fail("not said", "shape");
    const std::size_t close = value->find(')');
    if (close == std::string_view::npos) return Fail("not said", "shape");
    std::size_t count = 1;
    for (const std::string_view part : Split(value->substr(1, close - 1), ',')) {
      if (Trim(part).empty()) continue;
      const auto axis = ParseInt(Trim(part));
      if (!axis || *axis < 0 || static_cast<std::size_t>(*axis) > kMostValues) {
        return Fail("is no shape", "shape");
      }
      header_.shape.push_back(static_cast<std::size_t>(*axis));
      if (*axis > 0 && count > kMostValues / static_cast<std::size_t>(*axis)) {
        return Fail("too large", "shape");
      }
      count *= static_cast<std::size_t>(*axis);
    }
    return header_.shape.size() <= 8 ? Status() : Fail("has too many axes", "shape");
  }

  const std::string_view begin_;
  const std::string& file_;
  NpyHeader header_;
};

}  // namespace

std::size_t NpyHeader::count() const {
  std::size_t count = 1;
  for (const std::size_t axis : shape) count *= axis;
  return count;
}

Result<NpyHeader> ParseNpyHeader(std::string_view begin, const std::string& file) {
  return Parser(begin, file).Parse();
}

std::vector<float> NpyValues(const NpyHeader& header, std::string_view data) {
  const std::size_t count = header.count();
  std::vector<float> values(count);
  // In Fortran's order position (i0, i1, ...) is at i0 + shape0 * (i1 + ...).
  std::vector<std::size_t> index(header.shape.size(), 0);
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t from = k;
    if (header.fortran_order) {
      from = 0;
      for (std::size_t axis = index.size(); axis-- > 0;) {
        from = from * header.shape[axis] + index[axis];
      }
      for (std::size_t axis = index.size(); axis-- > 0;) {
        if (++index[axis] < header.shape[axis]) break;
        index[axis] = 0;
      }
    }
    values[k] = ValueAt(header, data.data() + from * header.bytes);
  }
  return values;
}

}  // namespace ecg::numpy
