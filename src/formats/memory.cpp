#include "ecg/formats/memory.h"

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace ecg::formats {

namespace fs = std::filesystem;

Status CheckProportion(const record::RecordFile& file, const fs::path& path, std::size_t bytes) {
  if (bytes <= kLittleMemory) return {};
  const Result<std::vector<fs::path>> files = file.Files();
  if (!files.ok()) return files.error();
  double stored = 0;
  for (const fs::path& part : *files) {
    std::error_code missing;
    const std::uintmax_t size = fs::file_size(part, missing);
    if (!missing) stored += static_cast<double>(size);
  }
  const auto needed = static_cast<double>(bytes);
  const double allowed = static_cast<double>(kLittleMemory) + stored * kMemoryPerByte;
  if (needed <= allowed) return {};
  return InputError("needs " + BytesInWords(needed) + "; of files of " + BytesInWords(stored) +
                        " no more than " + BytesInWords(allowed) + " is made",
                    path.string(), 0, "memory");
}

Result<MemoryBudget::Share> TakeMemory(const record::RecordFile& file, const fs::path& path,
                                       std::size_t bytes) {
  const Status in_proportion = CheckProportion(file, path, bytes);
  if (!in_proportion.ok()) return in_proportion.error();
  return MemoryBudget::OfProcess().Take(bytes, path.string());
}

}  // namespace ecg::formats
