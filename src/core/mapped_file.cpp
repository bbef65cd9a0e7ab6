#include "ecg/core/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace ecg {
namespace {

// Bytes by which the system moves the beginning of a mapping forward: it maps whole pages.
std::size_t BeforeInPage(std::uint64_t offset) {
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return static_cast<std::size_t>(offset % page);
}

}  // namespace

Result<MappedFile> MappedFile::Open(const std::filesystem::path& path) {
  const Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.error();
  return Part(*file, 0, file->size());
}

Result<MappedFile> MappedFile::Part(const InputFile& file, std::uint64_t offset,
                                    std::uint64_t size) {
  struct stat status {};
  const auto end = ::fstat(file.descriptor_, &status) == 0
                       ? static_cast<std::uint64_t>(status.st_size)
                       : std::uint64_t{0};
  if (size == 0 || offset > end || size > end - offset) {
    return InputError("has no bytes to map there", file.path().string());
  }
  const std::size_t before = BeforeInPage(offset);
  void* data = ::mmap(nullptr, size + before, PROT_READ, MAP_SHARED, file.descriptor_,
                      static_cast<off_t>(offset - before));
  if (data == MAP_FAILED) {
    const std::string why = std::error_code(errno, std::generic_category()).message();
    return InputError("cannot map: " + why, file.path().string());
  }
  return MappedFile(static_cast<const char*>(data) + before, size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ == nullptr) return;
  const std::size_t before = BeforeInPage(reinterpret_cast<std::uintptr_t>(data_));
  ::munmap(const_cast<char*>(data_) - before, size_ + before);
}

}  // namespace ecg
