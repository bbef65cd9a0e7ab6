#include "ecg/core/mapped_file.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "ecg/core/file.h"

namespace ecg {

Result<MappedFile> MappedFile::Open(const std::filesystem::path& path, std::size_t reserve) {
  const Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.error();
  const std::size_t size = std::max<std::size_t>(file->size(), reserve);
  if (size == 0) return InputError("has no bytes to map", path.string());
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file->descriptor_, 0);
  if (data == MAP_FAILED) {
    const std::string why = std::error_code(errno, std::generic_category()).message();
    return InputError("cannot map: " + why, path.string());
  }
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

void MappedFile::Release() const { ::madvise(const_cast<char*>(data_), size_, MADV_DONTNEED); }

}  // namespace ecg
