// The folder that a run leaves on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ecg/core/file_lock.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"

namespace ecg::train {

// What happens to a run that is there already.
enum class Existing {
  kRefuse,     // an error
  kOverwrite,  // it goes
  kResume,     // it goes on; where there is none, one begins
};

// <output>/<name> with config.json, split.csv, environment.json, metrics.jsonl, a TensorBoard event
// file, train.log, checkpoints/ and the bundle model/. One process at a time holds it.
class RunFolder {
 public:
  // Whether a run may be made there: an error where something is there that may not go.
  static Status Check(const std::filesystem::path& path, Existing existing);

  // Checks, makes the folder and locks it. Of an earlier run, its files are removed, and nothing
  // else, unless it goes on; then only what a process that was killed left half written is removed.
  static Result<RunFolder> Open(const std::filesystem::path& path, Existing existing);

  const std::filesystem::path& path() const { return path_; }
  bool resumed() const { return resumed_; }  // whether there was a run that goes on
  std::filesystem::path Model() const { return path_ / "model"; }
  std::filesystem::path Checkpoints() const { return path_ / "checkpoints"; }

  Status WriteConfig(const Json& resolved) const;
  Status WriteEnvironment(const Json& environment) const;
  // A table as split.table takes it.
  Status WriteSplit(const std::string& csv) const;

 private:
  std::filesystem::path path_;
  bool resumed_ = false;
  std::optional<FileLock> lock_;
};

}  // namespace ecg::train
