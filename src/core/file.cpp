#include "ecg/core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace ecg {
namespace {

// strerror is not thread-safe; std::error_code's message is.
std::string ErrnoText() { return std::error_code(errno, std::generic_category()).message(); }

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Close(); }

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void Reset(int fd) {
    Close();
    fd_ = fd;
  }
  bool Close() {
    const bool closed = fd_ < 0 || ::close(fd_) == 0;
    fd_ = -1;
    return closed;
  }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Makes the rename itself durable; a file system that cannot sync a folder is not an error.
void SyncFolder(const std::filesystem::path& folder) {
  const Descriptor descriptor(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.valid()) ::fsync(descriptor.get());
}

// Opens a regular file. O_NONBLOCK: opening a pipe must not wait for a writer before fstat can
// refuse it.
Result<std::size_t> OpenRegular(const std::filesystem::path& path, Descriptor& descriptor) {
  descriptor.Reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.valid()) return InputError("cannot open: " + ErrnoText(), path.string());
  struct stat info {};
  if (::fstat(descriptor.get(), &info) != 0) return InputError(ErrnoText(), path.string());
  if (!S_ISREG(info.st_mode)) return InputError("not a regular file", path.string());
  return static_cast<std::size_t>(info.st_size);
}

Result<std::string> ReadBytes(const std::filesystem::path& path, const Descriptor& descriptor,
                              std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = ::read(descriptor.get(), bytes.data() + filled, count - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return InputError("cannot read: " + ErrnoText(), path.string());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

Result<std::string> ReadFile(const std::filesystem::path& path, std::size_t max_bytes) {
  Descriptor descriptor;
  const Result<std::size_t> size = OpenRegular(path, descriptor);
  if (!size.ok()) return size.error();
  if (*size > max_bytes) {
    return InputError("file of " + std::to_string(*size) + " bytes, at most " +
                          std::to_string(max_bytes) + " are accepted",
                      path.string());
  }
  return ReadBytes(path, descriptor, *size);
}

Result<std::string> ReadFilePrefix(const std::filesystem::path& path, std::size_t bytes) {
  Descriptor descriptor;
  const Result<std::size_t> size = OpenRegular(path, descriptor);
  if (!size.ok()) return size.error();
  return ReadBytes(path, descriptor, std::min(*size, bytes));
}

Status CreateFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return InputError("cannot create folder: " + error.message(), path.string());
  return {};
}

Status WriteFileAtomic(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path folder = path.parent_path();
  if (!folder.empty()) {
    if (Status created = CreateFolder(folder); !created.ok()) return created;
  }
  static std::atomic<unsigned> counter{0};
  const std::filesystem::path temporary =
      folder / ("." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                std::to_string(counter++) + ".tmp");
  const auto fail = [&](const char* what) {
    Error error = InputError(std::string(what) + ": " + ErrnoText(), path.string());
    ::unlink(temporary.c_str());
    return error;
  };
  Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!descriptor.valid()) return fail("cannot create");
  if (!WriteAll(descriptor.get(), bytes)) return fail("cannot write");
  if (::fsync(descriptor.get()) != 0) return fail("cannot sync");
  if (!descriptor.Close()) return fail("cannot close");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail("cannot rename");
  SyncFolder(folder);
  return {};
}

}  // namespace ecg
