// What the configurations of a study and of an ensemble say alike: a set of runs from one base.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"

namespace ecg::train {

struct RunSet {
  std::string name;
  std::string output = "runs";
  std::string base;  // configuration that the runs' settings change; empty: none

  std::filesystem::path Folder() const { return std::filesystem::path(output) / name; }
};

// `what` is the set, as in "study".
void DescribeSettings(Settings& settings, const std::string& what, RunSet& set);

// What is left once a set knows its own settings.
struct RunSetParts {
  std::optional<JsonDocument> base;
  std::vector<std::string> assignments;  // to every run
};

// Fills what `settings` describe, `set` among it, from a document without the list of its runs, and
// then from those assignments that name a setting of the set. Paths as LoadConfig has them.
Result<RunSetParts> LoadRunSet(JsonDocument document, const std::string& list,
                               const std::vector<std::string>& assignments, Settings& settings,
                               RunSet& set);

}  // namespace ecg::train
