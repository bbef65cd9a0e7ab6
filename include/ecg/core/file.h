// Whole-file reading with a size bound, and writing that leaves a file whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

inline constexpr std::size_t kDefaultMaxFileBytes = std::size_t{1} << 31;

// The bytes of a regular file. Anything else (a folder, a pipe, a device), a missing file or one
// larger than max_bytes is an error; a pipe is never opened, so nothing can hang here. The error of
// a missing file names what lies beside it and may have been meant (near_miss.h).
Result<std::string> ReadFile(const std::filesystem::path& path,
                             std::size_t max_bytes = kDefaultMaxFileBytes);

// The bytes of a text that somebody names: as ReadFile, and also what a pipe or a terminal gives
// until its end; "-" is standard input. May wait for whoever writes there.
Result<std::string> ReadFileOrPipe(const std::filesystem::path& path,
                                   std::size_t max_bytes = kDefaultMaxFileBytes);

// A regular file that is read piece by piece, or mapped so (see MappedFile).
class InputFile {
 public:
  // The same errors as ReadFile.
  static Result<InputFile> Open(const std::filesystem::path& path);

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  ~InputFile();

  std::uint64_t size() const { return size_; }  // when it was opened
  const std::filesystem::path& path() const { return path_; }

  // Reads up to `count` bytes at `offset` and returns how many there were.
  Result<std::size_t> ReadAt(std::uint64_t offset, char* out, std::size_t count) const;

 private:
  friend class MappedFile;
  InputFile(int descriptor, std::uint64_t size, std::filesystem::path path);

  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::filesystem::path path_;
};

// Whether a file has to outlive a crash of the machine, which costs some milliseconds, or can be
// made again.
enum class Durability { kSynced, kCached };

// Writes to a temporary file beside the target, syncs it to the disk (unless kCached) and renames
// it over the target. Missing folders are created. On failure (kOutput) the old file, if any, is
// untouched. Devices, pipes and what is open already (/dev/stdout, "-") are written to as they are.
Status WriteFileAtomic(const std::filesystem::path& path, std::string_view bytes,
                       Durability durability = Durability::kSynced);

// The same for a file that must not be there yet: false, and nothing is changed, where it is. Of
// several processes that try at once, on whatever machines, one succeeds.
Result<bool> WriteNewFile(const std::filesystem::path& path, std::string_view bytes);

// Waits until what was written to a file is on the disk.
Status SyncFile(const std::filesystem::path& path);

// The same for all that was written to the file system that a folder lies on (kOutput).
Status SyncFileSystem(const std::filesystem::path& folder);

// Removes what WriteFileAtomic left in a folder (not below it) where its process was killed; what
// another process is writing there just then, it writes again.
void RemoveTemporaryFiles(const std::filesystem::path& folder);

// Creates a folder and its parents; what stands in the way is an error (kOutput).
Status CreateFolder(const std::filesystem::path& path);

}  // namespace ecg
