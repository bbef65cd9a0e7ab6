#include "ecg/core/line_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace ecg {
namespace {

Error Failure(const char* what, const std::filesystem::path& path) {
  return OutputError(
      std::string(what) + ": " + std::error_code(errno, std::generic_category()).message(),
      path.string());
}

}  // namespace

LineLog::LineLog(int descriptor, std::filesystem::path path)
    : descriptor_(descriptor), path_(std::move(path)) {}

LineLog::LineLog(LineLog&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

LineLog& LineLog::operator=(LineLog&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

LineLog::~LineLog() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<LineLog> LineLog::Open(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe of that name must not wait for a reader; and no link leads elsewhere.
  const int descriptor =
      ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644);
  if (descriptor < 0) return Failure("cannot open for writing", path);
  LineLog log(descriptor, path);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return Failure("cannot open for writing", path);
  if (!S_ISREG(info.st_mode)) return OutputError("is no regular file", path.string());
  char last = '\n';
  if (info.st_size > 0 && ::pread(descriptor, &last, 1, info.st_size - 1) != 1) {
    return Failure("cannot read", path);
  }
  if (last != '\n') {
    if (const Status ended = log.Add({}); !ended.ok()) return ended.error();
  }
  return log;
}

Status LineLog::Add(std::string_view line) {
  const std::string bytes = std::string(line) + '\n';
  ssize_t written = 0;
  do {
    written = ::write(descriptor_, bytes.data(), bytes.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) return Failure("cannot write", path_);
  if (static_cast<std::size_t>(written) == bytes.size()) return {};
  return OutputError("cannot write: only a part of a line was taken", path_.string());
}

}  // namespace ecg
