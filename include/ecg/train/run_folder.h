// What a run leaves on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "ecg/core/json.h"
#include "ecg/train/config.h"

namespace ecg::train {

// The folder <output>/<name> with config.json, environment.json, metrics.jsonl and a TensorBoard
// event file. Throws Exception where it cannot write.
class RunFolder {
 public:
  // Refuses a folder that already holds a run, unless `overwrite` says that it may go.
  RunFolder(const Config& config, bool overwrite);
  ~RunFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path Model() const { return path_ / "model"; }
  std::filesystem::path Checkpoint(const std::string& name) const {
    return path_ / "checkpoints" / name;
  }

  void WriteConfig(const Json& resolved);
  void WriteEnvironment(const Json& environment);

  // Appends one object to metrics.jsonl, and its numbers to the event file under their names.
  void Log(std::int64_t step, const Json& values);

 private:
  class Streams;
  std::filesystem::path path_;
  std::unique_ptr<Streams> streams_;
};

}  // namespace ecg::train
