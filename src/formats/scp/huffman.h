// The Huffman codes of SCP-ECG (section 2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::scp {

struct Code {
  int prefix_bits = 0, total_bits = 0;
  bool keeps_table = true;   // else `value` is the number of the table that follows, from 1
  std::int32_t value = 0;    // where the prefix is all; else it stands in the bits behind
  std::uint32_t prefix = 0;  // the first bit lowest
};

using Table = std::vector<Code>;

// The tables of a section's data; those of the standard where it says 19999 of them. An error: a
// section that ends early, or codes of no length.
Result<std::vector<Table>> ParseTables(std::string_view data, const std::string& file);

// Up to `count` values of a bit stream, the highest bit of a byte first; fewer where it ends or no
// code fits.
std::vector<std::int32_t> Decode(const std::vector<Table>& tables, std::string_view bytes,
                                 std::size_t count);

}  // namespace ecg::scp
