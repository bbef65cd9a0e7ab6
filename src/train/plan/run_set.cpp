#include "ecg/train/plan/run_set.h"

#include <utility>

#include "ecg/core/file_name.h"
#include "src/train/plan/document_part.h"

namespace ecg::train {

namespace fs = std::filesystem;

void DescribeSettings(Settings& settings, const std::string& what, RunSet& set) {
  settings.Add("name", set.name, "Name of the " + what + "; its folder is <output>/<name>.");
  settings.Add("output", set.output, "Folder of all runs.");
  settings.Add("base", set.base, "Configuration that the settings of the runs change.");
}

Result<RunSetParts> LoadRunSet(JsonDocument document, const std::string& list,
                               const std::vector<std::string>& assignments, Settings& settings,
                               RunSet& set) {
  RunSetParts parts;
  document.root.erase(list);
  if (Status status = settings.Apply(document); !status.ok()) return status.error();
  ResolvePath(set.base, fs::path(document.file).parent_path());
  const Json own = settings.ToJson();
  for (const std::string& assignment : assignments) {
    if (!own.contains(assignment.substr(0, assignment.find('=')))) {
      parts.assignments.push_back(assignment);
    } else if (Status status = settings.ApplyAssignment(assignment); !status.ok()) {
      return status.error();
    }
  }
  ResolvePath(set.base, fs::current_path());
  ResolvePath(set.output, fs::current_path());
  if (FileNameOf(set.name) != set.name) {
    return UsageError("must be the name of a folder", document.file, document.LineOf("name"),
                      "name");
  }
  if (set.base.empty()) return parts;
  Result<JsonDocument> base = ReadJson(set.base);
  if (!base.ok()) return base.error();
  parts.base = std::move(*base);
  return parts;
}

}  // namespace ecg::train
