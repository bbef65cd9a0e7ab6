#include "src/score/file_list.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

#include "ecg/core/text.h"

namespace ecg::score {
namespace {

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
      const std::string reason = std::error_code(errno, std::generic_category()).message();
      return InputError("cannot list: " + reason, path.string());
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

}  // namespace ecg::score
