#include "ecg/train/plan/study_config.h"

#include <set>
#include <utility>

#include "ecg/core/file_name.h"
#include "src/train/plan/document_part.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kVariants[] = "variants";

Settings DescribeParts(StudyConfig& config) {
  Settings settings;
  DescribeSettings(settings, "study", config);
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
  StudyConfig study;
  study.name = "study";
  Settings settings = DescribeParts(study);
  const Result<RunSetParts> parts = LoadRunSet(*document, kVariants, assignments, settings, study);
  if (!parts.ok()) return parts.error();
  if (study.base.empty()) return fail("base", "names no configuration");
  if (std::set<int>(study.seeds.begin(), study.seeds.end()).size() != study.seeds.size()) {
    return fail("seeds", "names a seed twice");
  }
  for (const auto& [name, set] : document->root[kVariants].items()) {
    const std::string field = std::string(kVariants) + "." + name;
    if (FileNameOf(name) != name) return fail(field, "must be the name of a folder");
    StudyVariantConfig& variant = study.variants.emplace_back();
    variant.name = name;
    for (const int seed : study.seeds) {
      Result<Config> config =
          ResolveConfig({*parts->base, PartOf(*document, set, field + ".")}, parts->assignments);
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
