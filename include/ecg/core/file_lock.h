// A file that one process at a time may hold.
#pragma once

#include <filesystem>
#include <optional>

#include "ecg/core/result.h"

namespace ecg {

// Held until destruction, or the end of the process however it ends. Where the file system knows no
// locks, nobody is kept out.
class FileLock {
 public:
  // Makes the file where it is missing. Empty where another process holds it; errors (kOutput)
  // where it cannot be made.
  static Result<std::optional<FileLock>> Try(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace ecg
