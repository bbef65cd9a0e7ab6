// Memory for a recording that is about to be read.
#pragma once

#include <cstddef>
#include <filesystem>

#include "ecg/core/memory_budget.h"
#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::formats {

// A few bytes of a file can stand for any number of samples: signals without a file, gaps, frames
// of many samples, FLAC. So what is made of a recording may take as much as any, and for more in
// proportion to its files. A recording whose leads are wholly there takes less than 300 bytes for
// each of its own, delineated and resampled from 100 to 500 Hz.
inline constexpr std::size_t kLittleMemory = std::size_t{256} << 20;
inline constexpr std::size_t kMemoryPerByte = 1024;

// An error that names `path` and the figures where so many bytes are out of proportion to the
// recording's files.
Status CheckProportion(const record::RecordFile& file, const std::filesystem::path& path,
                       std::size_t bytes);

// The share of MemoryBudget::OfProcess() that reading a recording and working on it takes, to be
// held until that is done; may wait. An error names `path` and the figures where it is out of
// proportion or never fits.
Result<MemoryBudget::Share> TakeMemory(const record::RecordFile& file,
                                       const std::filesystem::path& path, std::size_t bytes);

}  // namespace ecg::formats
