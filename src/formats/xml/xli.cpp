#include "src/formats/xml/xli.h"

#include <algorithm>
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
    while (bits_ < kCodeBits) {
      if (at_ == bytes_.size()) return {};
      buffer_ = buffer_ << 8 | static_cast<unsigned char>(bytes_[at_++]);
      bits_ += 8;
    }
    bits_ -= kCodeBits;
    const std::uint32_t code = buffer_ >> bits_ & kEnd;
    return code == kEnd ? std::nullopt : std::optional<std::uint32_t>(code);
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint32_t buffer_ = 0;
  int bits_ = 0;
};

// Entries are bytes behind an earlier entry; of new ones there is room up to the code of the end.
Result<std::string> Unpack(std::string_view bytes, std::size_t most) {
  std::vector<std::string> entries(256);
  for (std::size_t i = 0; i < 256; ++i) entries[i] = std::string(1, static_cast<char>(i));
  entries.reserve(kEnd);
  CodeReader codes(bytes);
  std::string out, previous;
  while (const auto code = codes.Next()) {
    std::string entry;
    if (*code < entries.size()) {
      entry = entries[*code];
    } else if (*code == entries.size() && !previous.empty()) {
      entry = previous + previous.front();
    } else {
      return InputError("holds a code that stands for nothing");
    }
    if (out.size() + entry.size() > most) return InputError("unpacks to too much");
    out += entry;
    if (!previous.empty() && entries.size() < kEnd) entries.push_back(previous + entry.front());
    previous = std::move(entry);
  }
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
