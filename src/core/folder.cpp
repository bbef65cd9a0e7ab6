#include "ecg/core/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

#include "ecg/core/text.h"

namespace ecg {
namespace {

constexpr std::size_t kFirstBufferBytes = 64u << 10;

std::string ErrnoText() { return std::error_code(errno, std::generic_category()).message(); }

enum class EntryType { kFile, kFolder, kOther };

EntryType TypeOf(const dirent& entry, int folder_descriptor) {
  if (entry.d_type == DT_REG) return EntryType::kFile;
  if (entry.d_type == DT_DIR) return EntryType::kFolder;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return EntryType::kOther;
  struct stat info {};
  if (::fstatat(folder_descriptor, entry.d_name, &info, 0) != 0) return EntryType::kOther;
  if (S_ISREG(info.st_mode)) return EntryType::kFile;
  return S_ISDIR(info.st_mode) && entry.d_type == DT_UNKNOWN ? EntryType::kFolder
                                                             : EntryType::kOther;
}

bool EndsIn(std::string_view name, std::string_view extension) {
  return name.size() > extension.size() &&
         ToLower(name.substr(name.size() - extension.size())) == extension;
}

}  // namespace

Result<std::vector<std::string>> ListFiles(const std::filesystem::path& folder,
                                           const std::string& extension, bool recursive) {
  std::vector<std::string> files;
  std::vector<std::string> pending = {""};  // relative folders, each with a final '/'
  while (!pending.empty()) {
    const std::string prefix = std::move(pending.back());
    pending.pop_back();
    const std::filesystem::path path = folder / prefix;
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
    if (!directory) {
      return InputError("cannot list: " + ErrnoText(), path.string());
    }
    while (const dirent* entry = ::readdir(directory.get())) {
      const std::string_view name = entry->d_name;
      if (name.front() == '.') continue;
      const EntryType type = TypeOf(*entry, ::dirfd(directory.get()));
      if (type == EntryType::kFile && EndsIn(name, extension)) {
        files.push_back(prefix + std::string(name));
      } else if (type == EntryType::kFolder && recursive) {
        pending.push_back(prefix + std::string(name) + "/");
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

FolderReader::FolderReader(const std::filesystem::path& folder)
    : prefix_(folder.string() + "/"),
      descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

FolderReader::~FolderReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::string_view> FolderReader::Read(const std::string& relative, std::size_t max_bytes,
                                            std::string& buffer) const {
  // O_NONBLOCK: should a pipe have taken the file's place, nothing may hang.
  const int file = ::openat(descriptor_, relative.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return InputError("cannot open: " + ErrnoText(), PathOf(relative));
  if (buffer.size() < kFirstBufferBytes) buffer.resize(kFirstBufferBytes);
  std::size_t filled = 0;
  for (;;) {
    const ssize_t got = ::read(file, buffer.data() + filled, buffer.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      Error error = InputError("cannot read: " + ErrnoText(), PathOf(relative));
      ::close(file);
      return error;
    }
    filled += static_cast<std::size_t>(got);
    // A regular file gives less than was asked for only at its end.
    if (filled < buffer.size() || filled > max_bytes) break;
    buffer.resize(2 * buffer.size());
  }
  ::close(file);
  if (filled > max_bytes) {
    return InputError("larger than " + Counted(max_bytes, "byte"), PathOf(relative));
  }
  return std::string_view(buffer).substr(0, filled);
}

}  // namespace ecg
