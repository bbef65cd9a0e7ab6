// A file that grows at its end while other processes read it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

class AppendFile {
 public:
  enum class Existence { kRequired, kAny, kForbidden };

  // A regular file, open for writing. An error (kOutput) where it exists, or not, against what is
  // asked for.
  static Result<AppendFile> Open(const std::filesystem::path& path, Existence existence);

  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;
  ~AppendFile();

  // Whether the file is this object's alone among all that ask, in any process, until the object is
  // gone or its process has ended.
  bool Lock();

  // Bytes; 0 where it cannot be told.
  std::uint64_t Size() const;

  // In one system call, as far as the system allows. Where the disk is full a part may be written.
  Status WriteAt(std::uint64_t offset, std::string_view bytes);

 private:
  AppendFile(int descriptor, std::filesystem::path path);

  int descriptor_;
  std::filesystem::path path_;
};

}  // namespace ecg
