#include "ecg/train/plan/run_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "ecg/core/file.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kConfig[] = "config.json";
constexpr char kEnvironment[] = "environment.json";
constexpr char kSplit[] = "split.csv";
constexpr char kLock[] = "run.lock";

// What a run makes, by which it is known and all that is ever removed.
bool IsOfARun(const std::string& name) {
  constexpr const char* kNames[] = {kConfig,     kSplit,        kEnvironment, "metrics.jsonl",
                                    "train.log", "checkpoints", "model",      kLock};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         name.rfind("events.out.tfevents.", 0) == 0;
}

// A process that was killed may have left a lock and half a file.
bool IsEmpty(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path / kLock, error)) RemoveTemporaryFiles(path);
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (entry.path().filename() != kLock) return false;
  }
  return true;
}

bool HoldsRun(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / kLock, error) ||
         (fs::exists(path / kConfig, error) && fs::exists(path / kEnvironment, error));
}

}  // namespace

Status RunFolder::Check(const fs::path& path, Existing existing) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found) return {};
  if (!fs::is_directory(path, error)) {
    return UsageError("is there already and is no folder", path.string());
  }
  if (IsEmpty(path)) return {};
  if (!HoldsRun(path)) {
    return UsageError("holds something else than a run; choose another name (--set name=...)",
                      path.string());
  }
  if (existing != Existing::kRefuse) return {};
  return UsageError(
      "already holds a run; choose another name (--set name=...), or pass --resume or --overwrite",
      path.string());
}

Result<RunFolder> RunFolder::Open(const fs::path& path, Existing existing) {
  if (Status status = Check(path, existing); !status.ok()) return status.error();
  if (Status status = CreateFolder(path); !status.ok()) return status.error();
  RunFolder folder;
  folder.path_ = path;
  const bool goes_on = existing == Existing::kResume && !IsEmpty(path);
  Result<std::optional<FileLock>> lock = FileLock::Try(path / kLock);
  if (!lock.ok()) return lock.error();
  if (!*lock) return UsageError("is the folder of a run that is going on", path.string());
  folder.lock_ = std::move(*lock);
  folder.resumed_ = goes_on;
  if (folder.resumed_) {
    for (const fs::path& each : {path, folder.Checkpoints(), folder.Model()}) {
      RemoveTemporaryFiles(each);
    }
    return folder;
  }
  std::vector<fs::path> old;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    if (IsOfARun(name) && name != kLock) old.push_back(entry.path());
  }
  for (const fs::path& item : old) {
    fs::remove_all(item, error);
    if (error) return OutputError("cannot remove: " + error.message(), item.string());
  }
  return folder;
}

Status RunFolder::WriteConfig(const Json& resolved) const {
  return WriteFileAtomic(path_ / kConfig, DumpJson(resolved));
}

Status RunFolder::WriteEnvironment(const Json& environment) const {
  return WriteFileAtomic(path_ / kEnvironment, DumpJson(environment));
}

Status RunFolder::WriteSplit(const std::string& csv) const {
  return WriteFileAtomic(path_ / kSplit, csv);
}

}  // namespace ecg::train
