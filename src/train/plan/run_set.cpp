#include "src/train/plan/run_set.h"

#include "ecg/core/text.h"

namespace ecg::train {
namespace fs = std::filesystem;

JsonDocument PartOf(const JsonDocument& document, const Json& part, const std::string& prefix) {
  JsonDocument own;
  own.root = part;
  own.file = document.file;
  for (const auto& [key, line] : document.line_of) {
    if (key.compare(0, prefix.size(), prefix) == 0) own.line_of[key.substr(prefix.size())] = line;
  }
  return own;
}

void ResolvePath(std::string& path, const fs::path& base) {
  if (!path.empty()) path = fs::absolute(base / path).lexically_normal().string();
}

SetAssignments SplitAssignments(const std::vector<std::string>& assignments,
                                const std::vector<std::string>& own_names) {
  SetAssignments split;
  for (const std::string& assignment : assignments) {
    const std::string name = assignment.substr(0, assignment.find('='));
    (Contains(own_names, name) ? split.own : split.runs).push_back(assignment);
  }
  return split;
}

}  // namespace ecg::train
