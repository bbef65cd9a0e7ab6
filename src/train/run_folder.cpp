#include "ecg/train/run_folder.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "ecg/core/file.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kConfig[] = "config.json";
constexpr char kEnvironment[] = "environment.json";

// What a run makes, by which it is known and all that is ever removed.
bool IsOfARun(const std::string& name) {
  constexpr const char* kNames[] = {kConfig,     kEnvironment,  "metrics.jsonl",
                                    "train.log", "checkpoints", "model"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         name.rfind("events.out.tfevents.", 0) == 0;
}

}  // namespace

Status RunFolder::Check(const fs::path& path, bool overwrite) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found) return {};
  if (!fs::is_directory(path, error)) {
    return UsageError("is there already and is no folder", path.string());
  }
  if (fs::is_empty(path, error)) return {};
  const bool is_run = fs::exists(path / kConfig, error) && fs::exists(path / kEnvironment, error);
  if (!is_run) {
    return UsageError("holds something else than a run; choose another name (--set name=...)",
                      path.string());
  }
  if (overwrite) return {};
  return UsageError("already holds a run; choose another name (--set name=...) or pass --overwrite",
                    path.string());
}

Result<RunFolder> RunFolder::Create(const fs::path& path, bool overwrite) {
  if (Status status = Check(path, overwrite); !status.ok()) return status.error();
  if (Status status = CreateFolder(path); !status.ok()) return status.error();
  std::vector<fs::path> old;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (IsOfARun(entry.path().filename().string())) old.push_back(entry.path());
  }
  for (const fs::path& item : old) {
    fs::remove_all(item, error);
    if (error) return OutputError("cannot remove: " + error.message(), item.string());
  }
  RunFolder folder;
  folder.path_ = path;
  return folder;
}

Status RunFolder::WriteConfig(const Json& resolved) const {
  return WriteFileAtomic(path_ / kConfig, DumpJson(resolved));
}

Status RunFolder::WriteEnvironment(const Json& environment) const {
  return WriteFileAtomic(path_ / kEnvironment, DumpJson(environment));
}

}  // namespace ecg::train
