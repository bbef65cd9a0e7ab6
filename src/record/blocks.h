// Signals that lie in a file in units of one size: data records, frames.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ecg/core/file.h"
#include "ecg/core/result.h"

namespace ecg::record {

// Reads `count` units of `bytes` each, which follow each other from `begin` on, about a megabyte at
// a time, and calls use(first, units, block) for each: the number of the block's first unit, how
// many it holds, and their bytes. False where the file ends before.
template <typename Use>
Result<bool> ReadInBlocks(const InputFile& file, std::uint64_t begin, std::uint64_t bytes,
                          std::uint64_t count, const Use& use) {
  constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;
  const std::uint64_t at_once = std::max<std::uint64_t>(1, kBlockBytes / bytes);
  std::string block;
  for (std::uint64_t first = 0; first < count; first += at_once) {
    const std::uint64_t units = std::min(at_once, count - first);
    block.resize(units * bytes);
    const Result<std::size_t> got = file.ReadAt(begin + first * bytes, block.data(), block.size());
    if (!got.ok()) return got.error();
    if (*got != block.size()) return false;
    use(first, units, block.data());
  }
  return true;
}

}  // namespace ecg::record
