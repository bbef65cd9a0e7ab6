#include "ecg/core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "ecg/core/ending.h"
#include "ecg/core/near_miss.h"
#include "ecg/core/text.h"
#include "src/core/output_place.h"

namespace ecg {
namespace {

// strerror is not thread-safe; std::error_code's message is.
std::string ErrnoText() { return std::error_code(errno, std::generic_category()).message(); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Close(); }

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }
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

constexpr std::string_view kTemporary = ".tmp";
// Another process may take a temporary file away (see RemoveTemporaryFiles): then it is made again.
constexpr int kAttempts = 3;

}  // namespace

InputFile::InputFile(int descriptor, std::uint64_t size, std::filesystem::path path)
    : descriptor_(descriptor), size_(size), path_(std::move(path)) {}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      path_(std::move(other.path_)) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  size_ = other.size_;
  path_ = std::move(other.path_);
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<InputFile> InputFile::Open(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a pipe must not wait for a writer before fstat can refuse it.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const bool missing = errno == ENOENT;
    std::string message = "cannot open: " + ErrnoText();
    if (missing) message += NearMiss(path);
    return InputError(std::move(message), path.string());
  }
  InputFile file(descriptor, 0, path);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return InputError(ErrnoText(), path.string());
  if (!S_ISREG(info.st_mode)) return InputError("not a regular file", path.string());
  file.size_ = static_cast<std::uint64_t>(info.st_size);
  return file;
}

Result<std::size_t> InputFile::ReadAt(std::uint64_t offset, char* out, std::size_t count) const {
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got =
        ::pread(descriptor_, out + filled, count - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return InputError("cannot read: " + ErrnoText(), path_.string());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

Result<std::string> ReadFile(const std::filesystem::path& path, std::size_t max_bytes) {
  const Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.error();
  if (file->size() > max_bytes) {
    return InputError("file of " + Counted(file->size(), "byte") + ", at most " +
                          std::to_string(max_bytes) + " are accepted",
                      path.string());
  }
  std::string bytes(file->size(), '\0');
  const Result<std::size_t> filled = file->ReadAt(0, bytes.data(), bytes.size());
  if (!filled.ok()) return filled.error();
  bytes.resize(*filled);
  return bytes;
}

Result<std::string> ReadFileOrPipe(const std::filesystem::path& path, std::size_t max_bytes) {
  const bool standard = path == "-";
  struct stat info {};
  if (!standard &&
      (::stat(path.c_str(), &info) != 0 || !(S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode)))) {
    return ReadFile(path, max_bytes);
  }
  const Descriptor opened(standard ? ::dup(STDIN_FILENO)
                                   : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.valid()) return InputError("cannot open: " + ErrnoText(), path.string());
  std::string bytes;
  char block[1 << 16];
  for (;;) {
    const ssize_t got = ::read(opened.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return InputError("cannot read: " + ErrnoText(), path.string());
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > max_bytes) {
      return InputError("gives more than " + std::to_string(max_bytes) + " bytes", path.string());
    }
    bytes.append(block, static_cast<std::size_t>(got));
  }
}

Status CreateFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return OutputError("cannot create folder: " + error.message(), path.string());
  return {};
}

namespace {

Status WriteToStream(const std::filesystem::path& path, std::string_view bytes) {
  const Result<int> opened = OpenStream(path);
  if (!opened.ok()) return opened.error();
  Descriptor descriptor(*opened);
  if (WriteAll(descriptor.get(), bytes) && descriptor.Close()) return {};
  return OutputError("cannot write: " + ErrnoText(), path.string());
}

}  // namespace

namespace {

// A file under a name that is nobody else's, whole and, if wished, on the disk. `path` is what it
// is to become.
Result<std::filesystem::path> WriteTemporary(const std::filesystem::path& path,
                                             std::string_view bytes, bool sync) {
  static std::atomic<unsigned> counter{0};
  // Of a long name the beginning, so that there is room for the rest.
  std::filesystem::path temporary =
      path.parent_path() /
      ("." + path.filename().string().substr(0, kKeptOfName) + "." + std::to_string(::getpid()) +
       "." + std::to_string(counter++) + std::string(kTemporary));
  const auto fail = [&](const char* what) {
    Error error = OutputError(std::string(what) + ": " + ErrnoText(), path.string());
    ::unlink(temporary.c_str());
    return error;
  };
  Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!descriptor.valid()) return fail("cannot create");
  if (!WriteAll(descriptor.get(), bytes)) return fail("cannot write");
  if (sync && ::fsync(descriptor.get()) != 0) return fail("cannot sync");
  if (!descriptor.Close()) return fail("cannot close");
  return temporary;
}

}  // namespace

Status WriteFileAtomic(const std::filesystem::path& path, std::string_view bytes,
                       Durability durability) {
  const bool sync = durability == Durability::kSynced;
  const std::filesystem::path folder = path.parent_path();
  for (int attempt = 1;; ++attempt) {
    if (!folder.empty()) {
      if (Status created = CreateFolder(folder); !created.ok()) return created;
    }
    const Result<OutputPlace> place = PlaceOf(path);
    if (!place.ok()) return place.error();
    if (*place == OutputPlace::kStream) return WriteToStream(path, bytes);
    const Result<std::filesystem::path> temporary = WriteTemporary(path, bytes, sync);
    if (!temporary.ok()) return temporary.error();
    if (::rename(temporary->c_str(), path.c_str()) == 0) break;
    const bool taken_away = errno == ENOENT;
    const Error error = OutputError("cannot rename: " + ErrnoText(), path.string());
    ::unlink(temporary->c_str());
    if (!taken_away || attempt == kAttempts) return error;
  }
  if (sync) SyncFolder(folder);
  return {};
}

namespace {

// A file system without links: made in place, which is as exclusive.
Result<bool> WriteNewInPlace(const std::filesystem::path& path, std::string_view bytes) {
  Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!descriptor.valid()) {
    if (errno == EEXIST) return false;
    return OutputError("cannot create: " + ErrnoText(), path.string());
  }
  if (WriteAll(descriptor.get(), bytes) && descriptor.Close()) return true;
  return OutputError("cannot write: " + ErrnoText(), path.string());
}

}  // namespace

Result<bool> WriteNewFile(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path folder = path.parent_path();
  for (int attempt = 1;; ++attempt) {
    if (!folder.empty()) {
      if (const Status created = CreateFolder(folder); !created.ok()) return created.error();
    }
    const Result<std::filesystem::path> temporary = WriteTemporary(path, bytes, /*sync=*/true);
    if (!temporary.ok()) return temporary.error();
    // Unlike a rename, a link never replaces; unlike a lock, it also holds over a network.
    const bool linked = ::link(temporary->c_str(), path.c_str()) == 0;
    const std::error_code why(errno, std::generic_category());
    ::unlink(temporary->c_str());
    if (linked) {
      SyncFolder(folder);
      return true;
    }
    if (why == std::errc::file_exists) return false;
    if (why == std::errc::operation_not_permitted || why == std::errc::not_supported ||
        why == std::errc::function_not_supported) {
      return WriteNewInPlace(path, bytes);
    }
    if (why != std::errc::no_such_file_or_directory || attempt == kAttempts) {
      return OutputError("cannot create: " + why.message(), path.string());
    }
  }
}

Status SyncFile(const std::filesystem::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.valid() || ::fsync(descriptor.get()) != 0) {
    return OutputError("cannot sync: " + ErrnoText(), path.string());
  }
  return {};
}

Status SyncFileSystem(const std::filesystem::path& folder) {
  const Descriptor descriptor(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.valid() || ::syncfs(descriptor.get()) != 0) {
    return OutputError("cannot sync: " + ErrnoText(), folder.string());
  }
  return {};
}

void RemoveTemporaryFiles(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (HasEnding(name, kTemporary) && name.front() == '.') {
      found.push_back(entry.path());
    }
  }
  for (const std::filesystem::path& path : found) std::filesystem::remove(path, error);
}

}  // namespace ecg
