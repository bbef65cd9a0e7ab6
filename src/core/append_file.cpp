#include "src/core/append_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace ecg {
namespace {

Error Failure(const char* what, const std::filesystem::path& path) {
  const std::string why = std::error_code(errno, std::generic_category()).message();
  return OutputError(std::string(what) + ": " + why, path.string());
}

int Flags(AppendFile::Existence existence) {
  switch (existence) {
    case AppendFile::Existence::kRequired:
      return 0;
    case AppendFile::Existence::kAny:
      return O_CREAT;
    case AppendFile::Existence::kForbidden:
      return O_CREAT | O_EXCL;
  }
  return 0;
}

}  // namespace

AppendFile::AppendFile(int descriptor, std::filesystem::path path)
    : descriptor_(descriptor), path_(std::move(path)) {}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  path_ = std::move(other.path_);
  return *this;
}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<AppendFile> AppendFile::Open(const std::filesystem::path& path, Existence existence) {
  // O_NONBLOCK: a pipe of that name must not wait for a reader.
  const int flags = O_WRONLY | O_CLOEXEC | O_NONBLOCK | Flags(existence);
  const int descriptor = ::open(path.c_str(), flags, 0644);
  if (descriptor < 0) return Failure("cannot open for writing", path);
  AppendFile file(descriptor, path);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return Failure("cannot open for writing", path);
  if (!S_ISREG(status.st_mode)) return OutputError("is not a regular file", path.string());
  return file;
}

bool AppendFile::Lock() {
  while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

std::uint64_t AppendFile::Size() const {
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Status AppendFile::WriteAt(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failure("cannot write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

}  // namespace ecg
