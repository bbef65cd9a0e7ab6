#include "src/formats/xml/xli.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "src/record/bytes.h"

namespace ecg::xml {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kCodeBits = 10;
constexpr std::uint32_t kEnd = (1U << kCodeBits) - 1;
constexpr std::uint32_t kBias = 64;  // of a second difference

// The codes up to that of the end, each from its highest bit on.
void ReadCodes(std::string_view bytes, std::vector<std::uint16_t>& codes) {
  const auto byte = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(bytes[i])};
  };
  const auto cut = [](std::uint64_t bits) { return static_cast<std::uint16_t>(bits & kEnd); };
  codes.resize(8 * bytes.size() / kCodeBits);
  std::size_t count = 0, at = 0;
  for (; at + 5 <= bytes.size(); at += 5, count += 4) {  // four codes are five bytes
    const std::uint64_t five =
        byte(at) << 32 | byte(at + 1) << 24 | byte(at + 2) << 16 | byte(at + 3) << 8 | byte(at + 4);
    codes[count] = cut(five >> 30);
    codes[count + 1] = cut(five >> 20);
    codes[count + 2] = cut(five >> 10);
    codes[count + 3] = cut(five);
  }
  for (; count < codes.size(); ++count) {
    const std::size_t bit = kCodeBits * count;
    codes[count] = cut((byte(bit / 8) << 8 | byte(bit / 8 + 1)) >> (6 - bit % 8));
  }
  codes.erase(std::find(codes.begin(), codes.end(), kEnd), codes.end());
}

// What codes stand for: a byte, or what stood for an earlier code and the byte behind it, which lie
// in the output as they were written there. Of new ones there is room up to the code of the end.
class Entries {
 public:
  std::uint32_t size() const { return size_; }
  bool IsFull() const { return size_ == kEnd; }
  std::size_t LengthOf(std::uint32_t code) const {
    return code < kBytes ? 1 : all_[code - kBytes].length;
  }

  // The next code stands for what is written from `begin` on. Not where it is full.
  void Add(std::size_t begin, std::size_t length) {
    all_[size_++ - kBytes] = {static_cast<std::uint32_t>(begin),
                              static_cast<std::uint32_t>(length)};
  }

  // Writes what a code stands for behind the first `size` bytes of `out`, and up to kAtOnce - 1
  // bytes of no meaning behind that.
  void Write(std::uint32_t code, char* out, std::size_t size) const {
    if (code < kBytes) {
      out[size] = static_cast<char>(code);
      return;
    }
    const Entry& entry = all_[code - kBytes];
    for (std::size_t i = 0; i < entry.length; i += kAtOnce) {
      char piece[kAtOnce];
      std::memcpy(piece, out + entry.begin + i, kAtOnce);
      std::memcpy(out + size + i, piece, kAtOnce);
    }
    // Behind what the newest one stands for lies nothing yet: it ends in the byte that it begins
    // with.
    if (entry.begin + entry.length > size) out[size + entry.length - 1] = out[size];
  }

  static constexpr std::size_t kAtOnce = 16;

 private:
  static constexpr std::uint32_t kBytes = 256;
  struct Entry {
    std::uint32_t begin = 0, length = 0;
  };
  std::array<Entry, kEnd - kBytes> all_;
  std::uint32_t size_ = kBytes;
};

// Writes the bytes into `out`, which may be longer then, and returns how many they are.
Result<std::size_t> Unpack(const std::vector<std::uint16_t>& codes, std::size_t most,
                           std::string& out) {
  Entries entries;
  std::size_t size = 0, previous = 0;  // where what the code before stands for begins
  for (const std::uint32_t code : codes) {
    // The code that is added now stands for what the one before did, and the byte behind that.
    if (!entries.IsFull() && size > 0) entries.Add(previous, size - previous + 1);
    if (code >= entries.size()) return InputError("holds a code that stands for nothing");
    const std::size_t end = size + entries.LengthOf(code);
    if (end > most) return InputError("unpacks to too much");
    if (end + Entries::kAtOnce > out.size()) out.resize(2 * (end + Entries::kAtOnce));
    entries.Write(code, out.data(), size);
    previous = size;
    size = end;
  }
  return size;
}

// Sums up second differences; 16-bit arithmetic, as recorders have it.
std::vector<std::int32_t> SumUp(std::string_view bytes, std::int32_t last) {
  const std::size_t count = bytes.size() / 2;
  std::vector<std::int32_t> values(count);
  // Sums modulo 2^16 are those of any more bits, cut off in the end.
  std::uint32_t value = 0, rise = 0, bend = static_cast<std::uint32_t>(last);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t read = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]))
                                   << 8 |
                               static_cast<unsigned char>(bytes[count + i]);
    if (i < 2) {
      rise = read - value;
      value = read;
    } else {
      rise -= bend;
      value += rise;
      bend = read - kBias;
    }
    values[i] = static_cast<std::int16_t>(static_cast<std::uint16_t>(value));
  }
  return values;
}

}  // namespace

Result<std::vector<std::vector<std::int32_t>>> DecodeXli(std::string_view bytes, std::size_t most) {
  std::vector<std::vector<std::int32_t>> channels;
  std::vector<std::uint16_t> codes;
  std::string room;
  while (bytes.size() > kHeaderBytes) {
    const std::size_t size = record::Load<std::uint32_t>(bytes.data());
    const std::int32_t start = record::Load<std::int16_t>(bytes.data() + 6);
    bytes.remove_prefix(kHeaderBytes);
    if (size > bytes.size()) return InputError("a channel is cut off");
    ReadCodes(bytes.substr(0, size), codes);
    const Result<std::size_t> unpacked = Unpack(codes, 2 * most, room);
    if (!unpacked.ok()) return unpacked.error();
    std::size_t count = *unpacked;
    if (count % 2 != 0) room[count++] = '\0';
    channels.push_back(SumUp(std::string_view(room).substr(0, count), start));
    most -= std::min(most, channels.back().size());
    bytes.remove_prefix(size);
  }
  return channels;
}

}  // namespace ecg::xml
