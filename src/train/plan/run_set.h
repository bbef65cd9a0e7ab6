// What the configurations of a run, of a study and of an ensemble share.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/json.h"

namespace ecg::train {

// Part of a document as one of its own, which still knows its lines: `prefix` is where it stands,
// with the dot behind it, as in "members.a.set.".
JsonDocument PartOf(const JsonDocument& document, const Json& part, const std::string& prefix);

// Makes a path that is relative to `base` absolute; an empty one stays empty.
void ResolvePath(std::string& path, const std::filesystem::path& base);

// Assignments to the set itself, and those to its runs.
struct SetAssignments {
  std::vector<std::string> own;
  std::vector<std::string> runs;
};
SetAssignments SplitAssignments(const std::vector<std::string>& assignments,
                                const std::vector<std::string>& own_names);

}  // namespace ecg::train
