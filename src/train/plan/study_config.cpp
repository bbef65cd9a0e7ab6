#include "ecg/train/plan/study_config.h"

#include <set>
#include <utility>

#include "ecg/core/file_name.h"
#include "ecg/core/text.h"
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

constexpr char kSeed[] = "seed";
constexpr std::size_t kMostRuns = 1000;

// A setting and the values that it takes in turn.
struct Sweep {
  std::string key;
  std::vector<std::string> values;
};

Error SweepError(const std::string& text, const std::string& message) {
  return UsageError(message + ": " + text, {}, 0, "--sweep");
}

// "KEY=V1,V2": a comma within brackets or quotes belongs to its value.
Result<Sweep> ParseSweep(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return SweepError(text, "needs SETTING=VALUE,VALUE");
  }
  Sweep sweep{text.substr(0, equals), {{}}};
  int depth = 0;
  bool quoted = false;
  for (const char c : text.substr(equals + 1)) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    if (c == ',' && !quoted && depth == 0) {
      sweep.values.emplace_back();
    } else {
      sweep.values.back() += c;
    }
  }
  for (const std::string& value : sweep.values) {
    if (value.empty()) return SweepError(text, "has an empty value");
  }
  if (std::set<std::string>(sweep.values.begin(), sweep.values.end()).size() !=
      sweep.values.size()) {
    return SweepError(text, "has a value twice");
  }
  return sweep;
}

std::string LastWord(const std::string& key) { return key.substr(key.rfind('.') + 1); }

// A combination: the value of each sweep, the last one changing fastest.
std::vector<std::string> ValuesOf(const std::vector<Sweep>& sweeps, std::size_t combination) {
  std::vector<std::string> values(sweeps.size());
  for (std::size_t i = sweeps.size(); i-- > 0;) {
    values[i] = sweeps[i].values[combination % sweeps[i].values.size()];
    combination /= sweeps[i].values.size();
  }
  return values;
}

// What a combination is called in the table, and its folder.
std::string NameOf(const std::vector<Sweep>& sweeps, const std::vector<std::string>& values,
                   bool whole_keys) {
  std::string name;
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    if (i > 0) name += '+';
    name += (whole_keys ? sweeps[i].key : LastWord(sweeps[i].key)) + '-' + values[i];
  }
  return FileNameOf(name.empty() ? "as-it-is" : name);
}

// The sweeps but that over seeds, which is told apart.
Result<std::vector<Sweep>> ParseSweeps(const std::vector<std::string>& texts,
                                       std::vector<int>& seeds) {
  std::vector<Sweep> sweeps;
  std::set<std::string> keys;
  std::size_t runs = 1;
  for (const std::string& text : texts) {
    Result<Sweep> sweep = ParseSweep(text);
    if (!sweep.ok()) return sweep.error();
    if (!keys.insert(sweep->key).second) return SweepError(text, "is swept twice");
    runs *= sweep->values.size();
    if (runs > kMostRuns) return SweepError(text, "makes more than 1,000 runs");
    if (sweep->key != kSeed) {
      sweeps.push_back(std::move(*sweep));
      continue;
    }
    for (const std::string& value : sweep->values) {
      const auto seed = ParseInt(value);
      if (!seed || *seed < 0 || *seed > 2147483647) return SweepError(text, "needs whole numbers");
      seeds.push_back(static_cast<int>(*seed));
    }
  }
  return sweeps;
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

Result<StudyConfig> SweepConfig(const JsonDocument& document,
                                const std::vector<std::string>& assignments,
                                const std::vector<std::string>& texts) {
  StudyConfig study;
  study.seeds.clear();
  const Result<std::vector<Sweep>> sweeps = ParseSweeps(texts, study.seeds);
  if (!sweeps.ok()) return sweeps.error();
  const Result<Config> base = ResolveConfig({document}, assignments);
  if (!base.ok()) return base.error();
  if (study.seeds.empty()) study.seeds = {base->seed};
  study.name = base->name + "-sweep";
  study.output = base->output;
  std::size_t combinations = 1;
  std::set<std::string> words;
  for (const Sweep& sweep : *sweeps) {
    combinations *= sweep.values.size();
    words.insert(LastWord(sweep.key));
  }
  for (std::size_t c = 0; c < combinations; ++c) {
    const std::vector<std::string> values = ValuesOf(*sweeps, c);
    StudyVariantConfig& variant = study.variants.emplace_back();
    variant.name = NameOf(*sweeps, values, words.size() < sweeps->size());
    std::vector<std::string> own = assignments;
    for (std::size_t i = 0; i < values.size(); ++i) {
      own.push_back((*sweeps)[i].key + "=" + values[i]);
    }
    Result<Config> config = ResolveConfig({document}, own);
    if (!config.ok()) return config.error();
    config->output = (study.Folder() / variant.name).string();
    for (const int seed : study.seeds) {
      config->seed = seed;
      config->name = "seed-" + std::to_string(seed);
      variant.runs.push_back(*config);
    }
  }
  return study;
}

}  // namespace ecg::train
