// A file's bytes in the address space, read by the system as they are touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "ecg/core/file.h"
#include "ecg/core/result.h"

namespace ecg {

// For files that are only ever replaced as a whole (see WriteFileAtomic) or appended to: one that
// is cut off in place while it is mapped ends the process.
class MappedFile {
 public:
  // A missing or empty file, or one that is not a regular file, is an error.
  static Result<MappedFile> Open(const std::filesystem::path& path);

  // `size` bytes of a file from `offset` on, of any alignment. A part that is empty or reaches
  // beyond the file's present end is an error. The mapping does without `file` from then on.
  static Result<MappedFile> Part(const InputFile& file, std::uint64_t offset, std::uint64_t size);

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
