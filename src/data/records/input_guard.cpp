#include "ecg/data/records/input_guard.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string>

#include "ecg/core/text.h"
#include "ecg/formats/registry.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// Nothing where there is no such folder.
std::optional<std::pair<dev_t, ino_t>> PlaceOf(const fs::path& folder) {
  struct stat info {};
  if (::stat(folder.empty() ? "." : folder.c_str(), &info) != 0) return std::nullopt;
  return std::pair(info.st_dev, info.st_ino);
}

}  // namespace

void InputGuard::Add(const RecordPath& record) {
  files_.push_back(record.path);
  fs::path folder = record.path.parent_path();
  AddFolder(folder);
  for (auto up = std::count(record.id.begin(), record.id.end(), '/'); up > 0; --up) {
    folder = folder.has_filename() ? folder.parent_path() : folder / "..";
    AddFolder(folder);
  }
}

void InputGuard::Add(const fs::path& file) {
  if (file.empty()) return;
  files_.push_back(file);
  AddFolder(file.parent_path());
}

void InputGuard::AddFolder(const fs::path& folder) {
  if (!names_.insert(folder).second) return;
  if (const auto place = PlaceOf(folder)) folders_.insert(*place);
}

Status InputGuard::CheckFolder(const fs::path& folder) const {
  const auto place = PlaceOf(folder);
  if (!place || folders_.count(*place) == 0) return {};
  return UsageError("holds what is read; nothing is written beside it, name another folder",
                    folder.string());
}

Status InputGuard::CheckFile(const fs::path& output,
                             std::initializer_list<std::string_view> endings) const {
  struct stat info {};
  if (::lstat(output.c_str(), &info) != 0 || S_ISCHR(info.st_mode) || S_ISFIFO(info.st_mode)) {
    return {};
  }
  if (IsInput(output)) {
    return UsageError("is what is read; name another file to write", output.string());
  }
  const std::string ending = ToLower(output.extension().string());
  if (!S_ISREG(info.st_mode) ||
      std::find(endings.begin(), endings.end(), ending) != endings.end()) {
    return {};
  }
  return UsageError("is there already and no " + std::string(*endings.begin()) +
                        " file, so it is not replaced; name another file to write",
                    output.string());
}

bool InputGuard::IsInput(const fs::path& output) const {
  const auto place = PlaceOf(output.parent_path());
  if (!place || folders_.count(*place) == 0) return false;
  return std::any_of(files_.begin(), files_.end(), [&](const fs::path& file) {
    if (PlaceOf(file.parent_path()) != place) return false;
    if (file.filename() == output.filename()) return true;
    const record::RecordReader* reader = formats::ReaderByEnding(file);
    if (reader == nullptr || !reader->OwnsEndings()) return false;  // one file is all of it
    const auto record = formats::Open(file);
    const auto parts = record.ok() ? (*record)->Files() : record.error();
    return parts.ok() && std::any_of(parts->begin(), parts->end(), [&](const fs::path& part) {
             return part.filename() == output.filename();
           });
  });
}

}  // namespace ecg::data
