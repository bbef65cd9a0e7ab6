#include "src/formats/scp/huffman.h"

#include <optional>

#include "src/record/bytes.h"

namespace ecg::scp {
namespace {

constexpr std::size_t kStandardTables = 19999;
constexpr std::size_t kMostTables = 64, kMostCodes = 1024;
constexpr int kMostBits = 32;

// 0 is one bit; the values to 8 follow as 1..10 and 1..11; then 8 and 16 bits as they are.
Table StandardTable() {
  Table table = {{1, 1, true, 0, 0}};
  for (int value = 1; value <= 8; ++value) {
    const std::uint32_t ones = (1U << value) - 1;
    const int bits = value + 2;
    table.push_back({bits, bits, true, value, ones});
    table.push_back({bits, bits, true, -value, ones | 1U << (value + 1)});
  }
  table.push_back({10, 18, true, 0, 511});
  table.push_back({10, 26, true, 0, 1023});
  return table;
}

class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t left() const { return 8 * bytes_.size() - at_; }
  unsigned Bit(std::size_t ahead) const {
    const std::size_t at = at_ + ahead;
    return static_cast<unsigned char>(bytes_[at / 8]) >> (7 - at % 8) & 1U;
  }
  void Skip(std::size_t bits) { at_ += bits; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

bool Fits(const BitReader& bits, const Code& code) {
  if (bits.left() < static_cast<std::size_t>(code.total_bits)) return false;
  for (int i = 0; i < code.prefix_bits; ++i) {
    if (bits.Bit(static_cast<std::size_t>(i)) != (code.prefix >> i & 1U)) return false;
  }
  return true;
}

// The bits behind the prefix, as a number of two's complement.
std::int32_t ValueBehind(const BitReader& bits, const Code& code) {
  std::uint32_t value = 0;
  for (int i = code.prefix_bits; i < code.total_bits; ++i) {
    value = value << 1 | bits.Bit(static_cast<std::size_t>(i));
  }
  const int width = code.total_bits - code.prefix_bits;
  if (width < 32 && (value >> (width - 1) & 1U) != 0) value |= ~0U << width;
  return static_cast<std::int32_t>(value);
}

}  // namespace

Result<std::vector<Table>> ParseTables(std::string_view data, const std::string& file) {
  const auto fail = [&](std::string message) {
    return InputError(std::move(message), file, 0, "Huffman tables");
  };
  const auto count = record::LoadAt<std::uint16_t>(data, 0);
  if (!count) return fail("missing");
  if (*count == kStandardTables) return std::vector<Table>{StandardTable()};
  if (*count == 0 || *count > kMostTables) return fail("too many, or none");
  std::size_t at = 2;
  std::vector<Table> tables;
  for (std::size_t t = 0; t < *count; ++t) {
    const auto codes = record::LoadAt<std::uint16_t>(data, at);
    if (!codes || *codes > kMostCodes) return fail("cut off, or too many codes");
    at += 2;
    Table table;
    for (std::size_t c = 0; c < *codes; ++c, at += 9) {
      if (data.size() < at + 9) return fail("cut off");
      Code code;
      code.prefix_bits = static_cast<unsigned char>(data[at]);
      code.total_bits = static_cast<unsigned char>(data[at + 1]);
      code.keeps_table = data[at + 2] != 0;
      code.value = record::Load<std::int16_t>(data.data() + at + 3);
      code.prefix = record::Load<std::uint32_t>(data.data() + at + 5);
      if (code.prefix_bits < 1 || code.prefix_bits > kMostBits ||
          code.total_bits < code.prefix_bits || code.total_bits - code.prefix_bits > kMostBits) {
        return fail("a code of no length, or too long");
      }
      table.push_back(code);
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<std::int32_t> Decode(const std::vector<Table>& tables, std::string_view bytes,
                                 std::size_t count) {
  std::vector<std::int32_t> values;
  BitReader bits(bytes);
  const Table* table = &tables.front();
  while (values.size() < count) {
    const Code* found = nullptr;
    for (const Code& code : *table) {
      if (!Fits(bits, code)) continue;
      found = &code;
      break;
    }
    if (found == nullptr) break;
    if (!found->keeps_table) {
      const auto next = static_cast<std::size_t>(found->value);
      if (found->value < 1 || next > tables.size()) break;
      table = &tables[next - 1];
    } else {
      values.push_back(found->total_bits > found->prefix_bits ? ValueBehind(bits, *found)
                                                              : found->value);
    }
    bits.Skip(static_cast<std::size_t>(found->total_bits));
  }
  return values;
}

}  // namespace ecg::scp
