#include "ecg/core/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "ecg/core/near_miss.h"
#include "ecg/core/text.h"

namespace ecg {
namespace {

constexpr std::size_t kFirstBufferBytes = 64u << 10;

std::string ErrnoText() { return std::error_code(errno, std::generic_category()).message(); }

enum class EntryType { kFile, kFolder, kLinkedFolder };

EntryType TypeOf(const dirent& entry, int folder_descriptor) {
  if (entry.d_type == DT_DIR) return EntryType::kFolder;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return EntryType::kFile;
  struct stat info {};
  if (::fstatat(folder_descriptor, entry.d_name, &info, 0) != 0 || !S_ISDIR(info.st_mode)) {
    return EntryType::kFile;
  }
  // Some file systems do not tell links from folders.
  struct stat itself {};
  const bool linked =
      entry.d_type == DT_LNK ||
      ::fstatat(folder_descriptor, entry.d_name, &itself, AT_SYMLINK_NOFOLLOW) != 0 ||
      S_ISLNK(itself.st_mode);
  return linked ? EntryType::kLinkedFolder : EntryType::kFolder;
}

bool EndsIn(std::string_view name, std::string_view extension) {
  return name.size() > extension.size() &&
         ToLower(name.substr(name.size() - extension.size())) == extension;
}

// Lists folders that lie below one, each once.
class Lister {
 public:
  Lister(const std::filesystem::path& folder, const std::string& extension, bool recursive,
         std::vector<UnreadableFolder>* unreadable)
      : folder_(folder), extension_(extension), recursive_(recursive), unreadable_(unreadable) {}

  Result<std::vector<std::string>> Run() {
    if (recursive_) PassOverFoldersAbove();
    links_ = {""};
    // Folders that are reached without a link come before those behind one, whatever their names.
    while (!links_.empty()) {
      std::vector<std::string> round = std::exchange(links_, {});
      std::sort(round.begin(), round.end());
      for (std::string& linked : round) {
        if (const Status listed = ListTree(std::move(linked)); !listed.ok()) return listed.error();
      }
      behind_links_ = true;
    }
    std::sort(files_.begin(), files_.end());
    return std::move(files_);
  }

 private:
  using FolderId = std::pair<dev_t, ino_t>;

  // A link to a folder above leads back to `folder_`, and to much that was never meant.
  void PassOverFoldersAbove() {
    std::error_code error;
    std::filesystem::path above = std::filesystem::canonical(folder_, error);
    while (!error && above.has_relative_path()) {
      above = above.parent_path();
      struct stat info {};
      if (::stat(above.c_str(), &info) == 0) seen_.insert({info.st_dev, info.st_ino});
    }
  }

  // A folder and all below it but links to folders. `prefix` is relative, with a final '/'.
  Status ListTree(std::string prefix) {
    std::vector<std::string> pending = {std::move(prefix)};
    while (!pending.empty()) {
      const std::string next = std::move(pending.back());
      pending.pop_back();
      const Status listed = List(next, pending);
      if (listed.ok()) continue;
      if (unreadable_ == nullptr || next.empty()) return listed;
      unreadable_->push_back({next.substr(0, next.size() - 1), listed.error()});
    }
    return {};
  }

  Status List(const std::string& prefix, std::vector<std::string>& pending) {
    const std::filesystem::path path = folder_ / prefix;
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
    if (!directory) return CannotList(path);
    const int descriptor = ::dirfd(directory.get());
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return CannotList(path);
    const bool first = seen_.insert({info.st_dev, info.st_ino}).second;
    if (!first && behind_links_) return {};
    const std::size_t known = pending.size();
    while (const dirent* entry = ::readdir(directory.get())) {
      const std::string_view name = entry->d_name;
      if (name.front() == '.') continue;
      const EntryType type = TypeOf(*entry, descriptor);
      if (type == EntryType::kFile && EndsIn(name, extension_)) {
        files_.push_back(prefix + std::string(name));
      } else if (type == EntryType::kFolder && recursive_) {
        pending.push_back(prefix + std::string(name) + "/");
      } else if (type == EntryType::kLinkedFolder && recursive_) {
        links_.push_back(prefix + std::string(name) + "/");
      }
    }
    // The last one pending is the next one listed.
    std::sort(pending.begin() + static_cast<std::ptrdiff_t>(known), pending.end(),
              std::greater<>());
    return {};
  }

  static Error CannotList(const std::filesystem::path& path) {
    const bool missing = errno == ENOENT;
    std::string message = "cannot list: " + ErrnoText();
    if (missing) message += NearMiss(path);
    return InputError(std::move(message), path.string());
  }

  const std::filesystem::path& folder_;
  const std::string& extension_;
  const bool recursive_;
  std::vector<UnreadableFolder>* const unreadable_;
  std::set<FolderId> seen_;
  bool behind_links_ = false;
  std::vector<std::string> links_;  // to folders, not yet followed
  std::vector<std::string> files_;
};

}  // namespace

Result<std::vector<std::string>> ListFiles(const std::filesystem::path& folder,
                                           const std::string& extension, bool recursive,
                                           std::vector<UnreadableFolder>* unreadable) {
  return Lister(folder, extension, recursive, unreadable).Run();
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
