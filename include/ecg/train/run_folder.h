// The folder that a run leaves on disk.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/json.h"
#include "ecg/core/result.h"

namespace ecg::train {

// <output>/<name> with config.json, environment.json, metrics.jsonl, a TensorBoard event file,
// train.log, checkpoints/ and the bundle model/.
class RunFolder {
 public:
  // Whether a run may be made there: an error where something is there already, unless `overwrite`
  // says that it may go and it is a run.
  static Status Check(const std::filesystem::path& path, bool overwrite);

  // Checks, and makes the folder. An earlier run's files are removed, and nothing else.
  static Result<RunFolder> Create(const std::filesystem::path& path, bool overwrite);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path Model() const { return path_ / "model"; }
  std::filesystem::path Checkpoint(const std::string& name) const {
    return path_ / "checkpoints" / name;
  }

  Status WriteConfig(const Json& resolved) const;
  Status WriteEnvironment(const Json& environment) const;

 private:
  std::filesystem::path path_;
};

}  // namespace ecg::train
