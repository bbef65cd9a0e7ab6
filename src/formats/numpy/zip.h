// Zip archives without encryption, stored or deflated, below 4 GiB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::numpy {

struct ZipEntry {
  std::string name;
  bool deflated = false;
  std::uint64_t data_offset = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t bytes = 0;  // as the archive says
};

// The entries of an archive. Errors name the file and what is wrong.
Result<std::vector<ZipEntry>> ListZip(std::string_view archive, const std::string& file);

// The first `count` bytes of an entry, or all where it has fewer.
Result<std::string> ReadZip(std::string_view archive, const ZipEntry& entry, std::size_t count,
                            const std::string& file);

}  // namespace ecg::numpy
