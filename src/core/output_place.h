// What an output that is named already is.
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "ecg/core/result.h"

namespace ecg {

enum class OutputPlace {
  kFile,    // a regular file, which a new one may replace, or nothing yet
  kStream,  // a device or a pipe: written to, and never replaced by a file
};

// An error (kOutput): a folder, or whatever else nobody writes to, or a name that nothing can have.
inline Result<OutputPlace> PlaceOf(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    // A link that leads nowhere is replaced as any other file.
    if (errno == ENOENT || errno == ELOOP) return OutputPlace::kFile;
    return OutputError(
        "cannot be written: " + std::error_code(errno, std::generic_category()).message(),
        path.string());
  }
  if (S_ISREG(info.st_mode)) return OutputPlace::kFile;
  if (S_ISCHR(info.st_mode) || S_ISFIFO(info.st_mode)) return OutputPlace::kStream;
  return OutputError(S_ISDIR(info.st_mode) ? "is a folder" : "is no regular file", path.string());
}

// Of a file's name so much is kept in the names of its unfinished ones: there must be room for
// more.
inline constexpr std::size_t kKeptOfName = 200;

}  // namespace ecg
