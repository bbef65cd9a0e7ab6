// Folders of a hundred thousand small files: listed and read with as few system calls as it takes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg {

// Paths relative to `folder`, sorted bytewise, of the regular files (or links to such) whose name
// ends in `extension` in any case, as in ".hea". Hidden files and folders are passed over. Links to
// folders are followed where `recursive`, but no folder is listed twice: not the folders above
// `folder`, and of several ways to one that with the fewest links, then the first in bytewise
// order.
Result<std::vector<std::string>> ListFiles(const std::filesystem::path& folder,
                                           const std::string& extension, bool recursive);

// Reads files below a folder by their relative paths. Opening relative to the folder saves the
// kernel the way to it, and asking for no size saves a call: together a third of the time of a
// small file. Read may be called from several threads, each with a buffer of its own.
class FolderReader {
 public:
  explicit FolderReader(const std::filesystem::path& folder);
  ~FolderReader();
  FolderReader(const FolderReader&) = delete;
  FolderReader& operator=(const FolderReader&) = delete;

  // The bytes of a regular file, as a view into `buffer`, which grows as needed. An error: what
  // cannot be opened or read, or is larger than max_bytes.
  Result<std::string_view> Read(const std::string& relative, std::size_t max_bytes,
                                std::string& buffer) const;

  // The path for messages.
  std::string PathOf(const std::string& relative) const { return prefix_ + relative; }

 private:
  std::string prefix_;
  int descriptor_;
};

}  // namespace ecg
