#include "ecg/train/plan/study_config.h"

#include <set>
#include <utility>

#include "ecg/core/file_name.h"
#include "src/train/plan/run_set.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kVariants[] = "variants";

Settings DescribeParts(StudyConfig& config) {
  Settings settings;
  settings.Add("name", config.name, "Name of the study; its folder is <output>/<name>.");
  settings.Add("output", config.output, "Folder of all runs.");
  settings.Add("base", config.base, "Configuration that the variants change.");
  settings.Add("seeds", config.seeds, "Each variant is trained with each of them.", {0, 2147483647},
               {1, 1000});
  return settings;
}

}  // namespace

bool IsStudyConfig(const JsonDocument& document) {
  return document.root.is_object() && document.root.contains(kVariants);
}

Result<StudyConfig> LoadStudyConfig(const fs::path& file,
                                    const std::vector<std::string>& assignments) {
  const Result<JsonDocument> document = ReadJson(file);
  if (!document.ok()) return document.error();
  const auto fail = [&](const std::string& field, const std::string& message) {
    return UsageError(message, file.string(), document->LineOf(field), field);
  };
  if (!IsStudyConfig(*document) || !document->root[kVariants].is_object() ||
      document->root[kVariants].empty()) {
    return fail(kVariants, "must be an object of settings by name");
  }
  const auto [own, for_runs] = SplitAssignments(assignments, {"name", "output", "base", "seeds"});
  StudyConfig study;
  JsonDocument parts = *document;
  parts.root.erase(kVariants);
  Settings settings = DescribeParts(study);
  if (Status status = settings.Apply(parts); !status.ok()) return status.error();
  ResolvePath(study.output, file.parent_path());
  ResolvePath(study.base, file.parent_path());
  for (const std::string& assignment : own) {
    if (Status status = settings.ApplyAssignment(assignment); !status.ok()) return status.error();
  }
  ResolvePath(study.output, fs::current_path());
  ResolvePath(study.base, fs::current_path());
  if (FileNameOf(study.name) != study.name) return fail("name", "must be the name of a folder");
  if (study.base.empty()) return fail("base", "names no configuration");
  if (std::set<int>(study.seeds.begin(), study.seeds.end()).size() != study.seeds.size()) {
    return fail("seeds", "names a seed twice");
  }
  const Result<JsonDocument> base = ReadJson(study.base);
  if (!base.ok()) return base.error();
  for (const auto& [name, set] : document->root[kVariants].items()) {
    const std::string field = std::string(kVariants) + "." + name;
    if (FileNameOf(name) != name) return fail(field, "must be the name of a folder");
    StudyVariantConfig& variant = study.variants.emplace_back();
    variant.name = name;
    for (const int seed : study.seeds) {
      Result<Config> config = ResolveConfig({*base, PartOf(*document, set, field + ".")}, for_runs);
      if (!config.ok()) return config.error();
      config->seed = seed;
      config->output = (study.Folder() / name).string();
      config->name = "seed-" + std::to_string(seed);
      variant.runs.push_back(std::move(*config));
    }
  }
  return study;
}

}  // namespace ecg::train
