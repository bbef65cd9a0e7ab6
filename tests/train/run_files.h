// What a run has left on disk, times aside.
#pragma once

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"

namespace ecg::test {

// By the path below the run's folder.
using RunFiles = std::map<std::string, std::string>;

// Without the fields that measure time.
inline std::string WithoutTimes(const std::string& metrics) {
  std::istringstream lines(metrics);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    Json kept = Json::object();
    const Json json = Json::parse(line);
    for (const auto& [name, value] : json.items()) {
      if (name != "time" && name.rfind("seconds", 0) != 0) kept[name] = value;
    }
    text += kept.dump() + '\n';
  }
  return text;
}

// All but train.log, TensorBoard's file (which is made from metrics.jsonl) and config.json, which
// holds paths.
inline RunFiles ReadRun(const std::filesystem::path& folder) {
  RunFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().lexically_relative(folder).string();
    if (name == "train.log" || name == "config.json" || name.rfind("events.", 0) == 0) continue;
    const std::string bytes = ReadFile(entry.path()).value();
    files[name] = name == "metrics.jsonl" ? WithoutTimes(bytes) : bytes;
  }
  return files;
}

// The name of the first file that is not the same in both, or is in one only; empty if none.
inline std::string FindDifference(const RunFiles& a, const RunFiles& b) {
  for (const auto& [name, bytes] : a) {
    const auto other = b.find(name);
    if (other == b.end() || other->second != bytes) return name;
  }
  for (const auto& [name, bytes] : b) {
    if (a.count(name) == 0) return name;
  }
  return {};
}

}  // namespace ecg::test
