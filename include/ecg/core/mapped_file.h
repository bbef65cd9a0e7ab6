// A file's bytes in the address space, read by the system as they are touched.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

// For files that are only ever replaced as a whole (see WriteFileAtomic) or appended to: one that
// is cut off in place while it is mapped ends the process (by SIGBUS, which a tool may explain).
class MappedFile {
 public:
  // A missing file, one that is not a regular file and one without bytes to map are errors. For a
  // file that grows, `reserve` asks for at least so many bytes of addresses: bytes() reaches as
  // far, but may be touched only where the file has got to.
  static Result<MappedFile> Open(const std::filesystem::path& path, std::size_t reserve = 0);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

  // Takes the pages out of this process's memory, until they are touched again.
  void Release() const;

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}

  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ecg
