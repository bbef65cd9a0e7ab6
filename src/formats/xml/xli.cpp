#include "src/formats/xml/xli.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "src/record/bytes.h"

namespace ecg::xml {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr int kCodeBits = 10;
constexpr std::uint32_t kEnd = (1U << kCodeBits) - 1;
constexpr std::int32_t kBias = 64;  // of a second difference

// Codes from the highest bit on; nothing at the end.
class CodeReader {
 public:
  explicit CodeReader(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::uint32_t> Next() {
    if (bits_ < kCodeBits) Refill();
    if (bits_ < kCodeBits) return {};
    bits_ -= kCodeBits;
    const auto code = static_cast<std::uint32_t>(buffer_ >> bits_ & kEnd);
    return code == kEnd ? std::nullopt : std::optional<std::uint32_t>(code);
  }

 private:
  // Four bytes more, or what is left of them.
  void Refill() {
    const std::size_t count = std::min<std::size_t>(4, bytes_.size() - at_);
    for (std::size_t i = 0; i < count; ++i) {
      buffer_ = buffer_ << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
    }
    at_ += count;
    bits_ += 8 * static_cast<int>(count);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint64_t buffer_ = 0;
  int bits_ = 0;
};

// The bytes that codes stand for: a byte, or a byte behind an earlier entry. Of new ones there is
// room up to the code of the end.
class Entries {
 public:
  Entries() {
    for (std::uint16_t i = 0; i < 256; ++i) {
      all_[i] = {i, 1, static_cast<char>(i), static_cast<char>(i)};
    }
  }

  std::uint32_t size() const { return size_; }
  bool IsFull() const { return size_ == kEnd; }
  std::size_t LengthOf(std::uint32_t code) const { return all_[code].length; }
  char FirstOf(std::uint32_t code) const { return all_[code].first; }

  // Not where it is full.
  void Add(std::uint32_t before, char last) {
    const auto length = static_cast<std::uint16_t>(all_[before].length + 1);
    all_[size_++] = {static_cast<std::uint16_t>(before), length, all_[before].first, last};
  }

  // As many bytes as LengthOf says, the last one first.
  void Write(std::uint32_t code, char* out) const {
    for (std::size_t left = all_[code].length; left > 0; --left, code = all_[code].before) {
      out[left - 1] = all_[code].last;
    }
  }

 private:
  struct Entry {
    std::uint16_t before = 0;  // the entry that the last byte stands behind
    std::uint16_t length = 0;
    char first = 0, last = 0;
  };
  std::array<Entry, kEnd> all_;
  std::uint32_t size_ = 256;
};

Result<std::string> Unpack(std::string_view bytes, std::size_t most) {
  Entries entries;
  CodeReader codes(bytes);
  std::string out(std::min(most, 2 * bytes.size()), '\0');
  std::size_t size = 0;
  std::optional<std::uint32_t> previous;
  while (const auto code = codes.Next()) {
    if (*code > entries.size() || (*code == entries.size() && !previous)) {
      return InputError("holds a code that stands for nothing");
    }
    // The code that is added now stands for the entry before it and that one's first byte again.
    if (previous && !entries.IsFull()) {
      entries.Add(*previous, entries.FirstOf(*code < entries.size() ? *code : *previous));
    }
    const std::size_t end = size + entries.LengthOf(*code);
    if (end > most) return InputError("unpacks to too much");
    if (end > out.size()) out.resize(std::min(most, 2 * end));
    entries.Write(*code, out.data() + size);
    size = end;
    previous = code;
  }
  out.resize(size);
  return out;
}

// Sums up second differences; 16-bit arithmetic, as recorders have it.
std::vector<std::int32_t> SumUp(const std::string& bytes, std::int32_t last) {
  const std::size_t count = bytes.size() / 2;
  std::vector<std::int32_t> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto high = static_cast<unsigned char>(bytes[i]);
    const auto low = static_cast<unsigned char>(bytes[count + i]);
    values[i] = static_cast<std::int16_t>(static_cast<std::uint16_t>(high << 8 | low));
  }
  for (std::size_t i = 2; i < count; ++i) {
    const std::int32_t next = 2 * values[i - 1] - values[i - 2] - last;
    last = values[i] - kBias;
    values[i] = static_cast<std::int16_t>(static_cast<std::uint16_t>(next));
  }
  return values;
}

}  // namespace

Result<std::vector<std::vector<std::int32_t>>> DecodeXli(std::string_view bytes, std::size_t most) {
  std::vector<std::vector<std::int32_t>> channels;
  while (bytes.size() > kHeaderBytes) {
    const std::size_t size = record::Load<std::uint32_t>(bytes.data());
    const std::int32_t start = record::Load<std::int16_t>(bytes.data() + 6);
    bytes.remove_prefix(kHeaderBytes);
    if (size > bytes.size()) return InputError("a channel is cut off");
    Result<std::string> unpacked = Unpack(bytes.substr(0, size), 2 * most);
    if (!unpacked.ok()) return unpacked.error();
    if (unpacked->size() % 2 != 0) *unpacked += '\0';
    channels.push_back(SumUp(*unpacked, start));
    most -= std::min(most, channels.back().size());
    bytes.remove_prefix(size);
  }
  return channels;
}

}  // namespace ecg::xml
