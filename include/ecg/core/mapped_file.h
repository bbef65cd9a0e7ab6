// A file's bytes in the address space, read by the system as they are touched.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

// For files that are only ever replaced as a whole (see WriteFileAtomic): one that is cut off in
// place while it is mapped ends the process.
class MappedFile {
 public:
  // A missing or empty file, or one that is not a regular file, is an error.
  static Result<MappedFile> Open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}

  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ecg
