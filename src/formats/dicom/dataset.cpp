#include "src/formats/dicom/dataset.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/core/text.h"
#include "src/record/bytes.h"

namespace ecg::dicom {
namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr Tag kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr Tag kTransferSyntax = 0x00020010;
constexpr int kDeepest = 12;
constexpr std::size_t kMostElements = 100000;

// The sequences that are looked into, for files that do not say what is one.
constexpr Tag kSequences[] = {0x54000100, 0x003A0200, 0x003A0208, 0x003A0211,
                              0x0040B020, 0x004008EA, 0x0040A043};

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  Result<File> Parse() {
    if (bytes_.substr(0, 132).size() == 132 && bytes_.substr(128, 4) == "DICM") at_ = 132;
    File file;
    if (const Status meta = ReadMeta(file.elements); !meta.ok()) return meta.error();
    if (const Status data = ReadDataset(bytes_.size(), 0, file.elements); !data.ok()) {
      return data.error();
    }
    file.big_endian = big_endian_;
    return file;
  }

 private:
  Error Fail(std::string message) const {
    return InputError(std::move(message) + " at byte " + std::to_string(at_), file_, 0, "elements");
  }

  // Group 2 is explicit and little-endian whatever follows, and says what follows.
  Status ReadMeta(Dataset& elements) {
    explicit_ = true;
    while (bytes_.size() - at_ >= 8 && record::Load<std::uint16_t>(bytes_.data() + at_) == 2) {
      Element element;
      if (const Status read = ReadElement(bytes_.size(), 0, element); !read.ok()) return read;
      elements.push_back(std::move(element));
    }
    const std::string syntax = TextOf(elements, kTransferSyntax);
    if (syntax.empty()) {
      // Without a word on it, two letters behind the first tag are a type.
      const auto letter = [&](std::size_t at) {
        return at < bytes_.size() && bytes_[at] >= 'A' && bytes_[at] <= 'Z';
      };
      explicit_ = letter(at_ + 4) && letter(at_ + 5);
      return {};
    }
    explicit_ = syntax != "1.2.840.10008.1.2";
    big_endian_ = syntax == "1.2.840.10008.1.2.2";
    const bool plain = !explicit_ || big_endian_ || syntax == "1.2.840.10008.1.2.1";
    return plain ? Status() : Fail("a transfer syntax that is not read: " + syntax);
  }

  Tag ReadTag() const {
    const Tag group = record::Load<std::uint16_t>(bytes_.data() + at_, big_endian_);
    const Tag element = record::Load<std::uint16_t>(bytes_.data() + at_ + 2, big_endian_);
    return group << 16 | element;
  }

  std::uint32_t Word(std::size_t at) const {
    return record::Load<std::uint32_t>(bytes_.data() + at, big_endian_);
  }

  // Until `end`, or the mark of an item's end.
  Status ReadDataset(std::size_t end, int depth, Dataset& elements) {
    if (depth > kDeepest) return Fail("nested too deep");
    while (end - at_ >= 8) {
      if (ReadTag() == kItemEnd) {
        at_ += 8;
        return {};
      }
      Element element;
      if (const Status read = ReadElement(end, depth, element); !read.ok()) return read;
      elements.push_back(std::move(element));
    }
    // Odd bytes at the end are padding.
    at_ = end;
    return {};
  }

  Status ReadElement(std::size_t end, int depth, Element& element) {
    if (++count_ > kMostElements) return Fail("too many elements");
    element.tag = ReadTag();
    bool sequence = std::find(std::begin(kSequences), std::end(kSequences), element.tag) !=
                    std::end(kSequences);
    std::uint32_t length = 0;
    if (explicit_) {
      const std::string_view type = bytes_.substr(at_ + 4, 2);
      sequence = type == "SQ";
      const bool wide = sequence || type == "OB" || type == "OW" || type == "OF" || type == "OD" ||
                        type == "OL" || type == "OV" || type == "UN" || type == "UT" ||
                        type == "UC" || type == "UR" || type == "SV" || type == "UV";
      if (wide && end - at_ < 12) return Fail("cut off");
      length =
          wide ? Word(at_ + 8) : record::Load<std::uint16_t>(bytes_.data() + at_ + 6, big_endian_);
      at_ += wide ? 12 : 8;
    } else {
      length = Word(at_ + 4);
      at_ += 8;
    }
    if (length == kUndefined) return ReadSequence(end, depth, element);
    if (length > end - at_) return Fail("an element is longer than the file");
    if (sequence) return ReadSequence(at_ + length, depth, element);
    element.value = bytes_.substr(at_, length);
    at_ += length;
    return {};
  }

  Status ReadSequence(std::size_t end, int depth, Element& element) {
    while (end - at_ >= 8) {
      const Tag tag = ReadTag();
      const std::uint32_t length = Word(at_ + 4);
      at_ += 8;
      if (tag == kSequenceEnd) return {};
      if (tag != kItem) return Fail("something else than an item in a sequence");
      if (length != kUndefined && length > end - at_)
        return Fail("an item is longer than the file");
      element.items.emplace_back();
      const std::size_t item_end = length == kUndefined ? end : at_ + length;
      const Status read = ReadDataset(item_end, depth + 1, element.items.back());
      if (!read.ok()) return read;
    }
    return {};
  }

  const std::string_view bytes_;
  const std::string& file_;
  std::size_t at_ = 0;
  bool explicit_ = true, big_endian_ = false;
  std::size_t count_ = 0;
};

const Element* Find(const Dataset& dataset, Tag tag) {
  for (const Element& element : dataset) {
    if (element.tag == tag) return &element;
  }
  return nullptr;
}

}  // namespace

Result<File> Parse(std::string_view bytes, const std::string& file) {
  return Parser(bytes, file).Parse();
}

std::string_view ValueOf(const Dataset& dataset, Tag tag) {
  const Element* element = Find(dataset, tag);
  return element == nullptr ? std::string_view() : element->value;
}

const std::vector<Dataset>& ItemsOf(const Dataset& dataset, Tag tag) {
  static const std::vector<Dataset> none;
  const Element* element = Find(dataset, tag);
  return element == nullptr ? none : element->items;
}

std::string TextOf(const Dataset& dataset, Tag tag) {
  const std::string text = record::FixedText(ValueOf(dataset, tag));
  return std::string(Trim(std::string_view(text).substr(0, text.find('\\'))));
}

std::optional<double> DecimalOf(const Dataset& dataset, Tag tag) {
  const auto number = ParseDouble(TextOf(dataset, tag));
  return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace ecg::dicom
