// What an output that is named already is, and how to write to it where it is no file.
#pragma once

#include <cstddef>
#include <filesystem>

#include "ecg/core/result.h"

namespace ecg {

enum class OutputPlace {
  kFile,    // a regular file, which a new one may replace, or nothing yet
  kStream,  // a device, a pipe, or an open file of this process, as /dev/stdout and "-": written
            // to, and never replaced by a file
};

// An error (kOutput): a folder, or whatever else nobody writes to, or a name that nothing can have.
Result<OutputPlace> PlaceOf(const std::filesystem::path& path);

// A descriptor to write to a stream, to be closed. What is an open file of this process already is
// written to where that one stands, so that what is printed besides comes before or behind it.
Result<int> OpenStream(const std::filesystem::path& path);

// Of a file's name so much is kept in the names of its unfinished ones: there must be room for
// more.
inline constexpr std::size_t kKeptOfName = 200;

}  // namespace ecg
