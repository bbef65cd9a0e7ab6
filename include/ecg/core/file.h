// Whole-file reading with a size bound, and writing that leaves a file whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

inline constexpr std::size_t kDefaultMaxFileBytes = std::size_t{1} << 31;

// The bytes of a regular file. Anything else (a folder, a pipe, a device), a missing file or one
// larger than max_bytes is an error; a pipe is never opened, so nothing can hang here.
Result<std::string> ReadFile(const std::filesystem::path& path,
                             std::size_t max_bytes = kDefaultMaxFileBytes);

// The first `bytes` of a regular file, or all of a shorter one.
Result<std::string> ReadFilePrefix(const std::filesystem::path& path, std::size_t bytes);

// Writes to a temporary file beside the target, syncs it to the disk and renames it over the
// target. Missing folders are created. On failure the old file, if any, is untouched.
Status WriteFileAtomic(const std::filesystem::path& path, std::string_view bytes);

// Creates a folder and its parents.
Status CreateFolder(const std::filesystem::path& path);

}  // namespace ecg
