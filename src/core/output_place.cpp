#include "src/core/output_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

#include "ecg/core/text.h"

namespace ecg {
namespace {

namespace fs = std::filesystem;

std::string ErrnoText() { return std::error_code(errno, std::generic_category()).message(); }

// The open file of this process that a path leads to by names such as /dev/stdout, /dev/fd/3 and
// links to these; a last link, as that of /proc/self/fd/1, is not followed.
std::optional<int> OpenFileOf(fs::path path) {
  constexpr int kMostLinks = 40;
  if (path == "-") return STDOUT_FILENO;
  for (int links = 0; links < kMostLinks; ++links) {
    std::error_code error;
    const fs::path folder = fs::canonical(fs::absolute(path, error).parent_path(), error);
    if (error) return std::nullopt;
    if (folder == "/proc/" + std::to_string(::getpid()) + "/fd") {
      const auto number = ParseInt(path.filename().string());
      if (number && *number >= 0) return static_cast<int>(*number);
      return std::nullopt;
    }
    const fs::path target = fs::read_symlink(path, error);
    if (error) return std::nullopt;
    path = target.is_absolute() ? target : folder / target;
  }
  return std::nullopt;
}

}  // namespace

Result<OutputPlace> PlaceOf(const fs::path& path) {
  struct stat info {};
  if (path == "-") return OutputPlace::kStream;
  if (::stat(path.c_str(), &info) != 0) {
    // A link that leads nowhere is replaced as any other file.
    if (errno == ENOENT || errno == ELOOP) return OutputPlace::kFile;
    return OutputError("cannot be written: " + ErrnoText(), path.string());
  }
  if (S_ISCHR(info.st_mode) || S_ISFIFO(info.st_mode)) return OutputPlace::kStream;
  if (S_ISREG(info.st_mode)) {
    struct stat itself {};
    const bool linked = ::lstat(path.c_str(), &itself) == 0 && S_ISLNK(itself.st_mode);
    return linked && OpenFileOf(path) ? OutputPlace::kStream : OutputPlace::kFile;
  }
  return OutputError(S_ISDIR(info.st_mode) ? "is a folder" : "is no regular file", path.string());
}

Result<int> OpenStream(const fs::path& path) {
  const std::optional<int> open = OpenFileOf(path);
  const int descriptor = open ? ::fcntl(*open, F_DUPFD_CLOEXEC, 0)
                              : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) return OutputError("cannot open: " + ErrnoText(), path.string());
  return descriptor;
}

}  // namespace ecg
