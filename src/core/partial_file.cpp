#include "ecg/core/partial_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include "ecg/core/file.h"
#include "src/core/output_place.h"

namespace ecg {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 16;

// Streams are written to as they are.
std::filesystem::path UnfinishedName(const std::filesystem::path& path) {
  if (PlaceOf(path).value() == OutputPlace::kStream) return path;
  return path.parent_path() / (path.filename().string().substr(0, kKeptOfName) + ".partial");
}

}  // namespace

PartialFile::PartialFile(std::filesystem::path path)
    : path_(std::move(path)), partial_(UnfinishedName(path_)) {
  if (path_.has_parent_path()) CreateFolder(path_.parent_path()).value();
  descriptor_ = IsStream() ? OpenStream(path_).value()
                           : ::open(partial_.c_str(),
                                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor_ < 0) Fail();
}

PartialFile::~PartialFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void PartialFile::Fail() const {
  throw Exception(
      OutputError("cannot be written: " + std::error_code(errno, std::generic_category()).message(),
                  partial_.string()));
}

void PartialFile::Write(std::string_view bytes) {
  waiting_ += bytes;
  if (waiting_.size() >= kBlockBytes) Flush();
}

void PartialFile::Flush() {
  std::string_view left = waiting_;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) Fail();
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  waiting_.clear();
}

void PartialFile::Finish() {
  Flush();
  if (::close(std::exchange(descriptor_, -1)) != 0) Fail();
  if (IsStream()) return;
  SyncFile(partial_).value();
  std::error_code error;
  std::filesystem::rename(partial_, path_, error);
  if (error) throw Exception(OutputError("cannot be written: " + error.message(), path_.string()));
}

}  // namespace ecg
