#include "ecg/train/plan/config.h"

#include <system_error>
#include <utility>

#include "ecg/challenge/challenge.h"
#include "ecg/challenge/class_table.h"
#include "ecg/challenge/diagnoses.h"
#include "ecg/core/file_name.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/data/prepare/window.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"
#include "src/train/plan/document_part.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

bool IsPath(const std::string& sources) {
  return sources != kBuiltInSources && sources != kNoSources;
}

// A plain name may be that of a model that ships.
void ResolveModel(std::string& model, const fs::path& base) {
  std::error_code ignored;
  const bool is_name = model.find('/') == std::string::npos;
  if (!is_name || fs::exists(base / model, ignored)) ResolvePath(model, base);
}

// Paths that have been resolved are absolute and stay as they are. Where runs go depends on nothing
// but the working folder: a configuration may lie where nobody should write.
void ResolvePaths(Config& config, const fs::path& base) {
  for (std::string& folder : config.data.folders) ResolvePath(folder, base);
  if (IsPath(config.data.sources)) ResolvePath(config.data.sources, base);
  ResolvePath(config.data.labels, base);
  ResolvePath(config.data.label_mask, base);
  ResolvePath(config.data.cache, base);
  ResolvePath(config.classes.table, base);
  ResolvePath(config.classes.rewards, base);
  ResolvePath(config.split.table, base);
  ResolveModel(config.initial.bundle, base);
  ResolveModel(config.distillation.teacher, base);
}

}  // namespace

Result<ExtraCode> ParseExtraCode(const std::string& entry) {
  const std::size_t equals = entry.find('=');
  if (equals == std::string::npos) return UsageError("\"" + entry + "\" is not code=class");
  const std::string code = entry.substr(0, equals), name = entry.substr(equals + 1);
  const auto index = challenge::Classes2021().IndexOfText(name);
  if (!challenge::IsCode(code)) return UsageError("\"" + code + "\" is no SNOMED CT code");
  if (!index) return UsageError("\"" + name + "\" is none of the challenge's classes");
  return ExtraCode{code, *index};
}

Status Config::Validate() const {
  const auto fail = [](const char* field, const std::string& message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  Config copy = *this;
  if (Status status = DescribeSettings(copy).Check(); !status.ok()) return status;
  if (data.folders.empty())
    return fail("data.folders", "names no folder of records (--data FOLDER)");
  for (const std::string& entry : data.extra_codes) {
    if (const auto extra = ParseExtraCode(entry); !extra.ok()) {
      return fail("data.extra_codes", extra.error().message);
    }
  }
  if (optimizer.epochs == 0 && initial.bundle.empty()) {
    return fail("optimizer.epochs", "is 0, and no initial.bundle to take weights from");
  }
  if (initial.bundle.empty() && (initial.freeze || initial.decision)) {
    return fail("initial.bundle", "is empty, and initial.freeze or initial.decision needs one");
  }
  if (optimizer.head_rate > 0 && optimizer.learning_rate == 0) {
    return fail("optimizer.head_rate",
                "needs a learning_rate above 0; initial.freeze keeps the body as it is");
  }
  if (FileNameOf(name) != name) return fail("name", "must be the name of a folder");
  if (!model.DetectsPeaks() && pretraining.epochs > 0) {
    return fail("pretraining.epochs", "needs a peak branch (model.peak_grid)");
  }
  if (model.DetectsPeaks() && augment.MixesPairs()) {
    return fail(augment.mixup > 0 ? "augment.mixup" : "augment.cutmix",
                "cannot mix peaks (model.peak_grid)");
  }
  if (model.DetectsPeaks() && augment.MovesTime()) {
    return fail(augment.shift > 0 ? "augment.shift" : "augment.stretch",
                "cannot move peaks (model.peak_grid)");
  }
  const std::pair<const char*, Status> parts[] = {{"split.", split.Validate()},
                                                  {"task.", task.Validate()},
                                                  {"preprocess.", preprocess.Validate()},
                                                  {"model.", model.Validate()}};
  for (const auto& [prefix, status] : parts) {
    if (!status.ok()) return InField(status, prefix);
  }
  const Result<model::Task> read = ReadTask(*this);
  if (!read.ok()) return read.error();
  if (loss.metric_weight > 0 && !read->class_set().HasChallengeMetric()) {
    return fail("loss.metric_weight",
                "needs a task that has the challenge metric (task.kind, task.rewards)");
  }
  const auto groups = data::GroupLeadSets(lead_sets, preprocess.leads);
  if (!groups.ok()) return fail("lead_sets", groups.error().message);
  return {};
}

Result<std::vector<std::string>> StartFrom(const fs::path& model) {
  if (model::IsEnsemble(model)) {
    return UsageError("is an ensemble; begin with one of its members, a folder below it",
                      model.string());
  }
  Result<model::ModelInfo> info = model::ReadModelInfo(model);
  if (!info.ok()) return info.error();
  std::vector<std::string> assignments = {"initial.bundle=" + model.string()};
  const Json settings = NetworkSettings(*info);
  for (const auto& [section, values] : settings.items()) {
    for (const auto& [name, value] : values.items()) {
      assignments.push_back(section + "." + name + "=" + DumpJsonLine(value));
    }
  }
  return assignments;
}

Json NetworkSettings(model::ModelInfo info) {
  Settings settings;
  data::DescribeSettings(settings, "preprocess.", info.preprocess);
  model::DescribeSettings(settings, "window.", info.window);
  model::DescribeSettings(settings, "model.", info.architecture);
  return settings.ToJson();
}

Result<model::Task> ReadTask(const Config& config) {
  const ClassesConfig& tables = config.classes;
  if (tables.table.empty()) {
    if (tables.rewards.empty()) return model::Task(config.task);
    return UsageError("needs classes of one's own (task.classes)", {}, 0, "task.rewards");
  }
  if (config.task.kind != model::TaskKind::kAbnormalities) {
    return UsageError("are diagnoses, which task.kind must be too (abnormalities)", {}, 0,
                      "task.classes");
  }
  Result<challenge::ClassSet> classes = challenge::ReadClassTable(tables.table, tables.rewards);
  if (!classes.ok()) return classes.error();
  for (const challenge::DiagnosisClass& entry : classes->classes()) {
    if (data::MayNameClass(entry.abbreviation)) continue;
    return InputError("is the name of another column of tables", tables.table, 0,
                      entry.abbreviation);
  }
  return model::Task(config.task, std::move(*classes));
}

Result<Config> ResolveConfig(const std::vector<JsonDocument>& layers,
                             const std::vector<std::string>& assignments) {
  Config config;
  Settings settings = DescribeSettings(config);
  for (const JsonDocument& layer : layers) {
    if (Status status = settings.Apply(layer); !status.ok()) return status.error();
    ResolvePaths(config, fs::path(layer.file).parent_path());
  }
  for (const std::string& assignment : assignments) {
    if (Status status = settings.ApplyAssignment(assignment); !status.ok()) return status.error();
  }
  ResolvePaths(config, fs::current_path());
  ResolvePath(config.output, fs::current_path());
  if (const Status status = config.Validate(); !status.ok()) {
    Error error = status.error();
    if (!error.file.empty()) return error;  // of a table that a setting names
    for (const std::string& assignment : assignments) {
      if (assignment.substr(0, assignment.find('=')) != error.field) continue;
      error.file = "--set";
      return error;
    }
    for (const JsonDocument& layer : layers) {
      const std::size_t line = layer.LineOf(error.field);
      if (line == 0 && !error.file.empty()) continue;
      error.file = layer.file;
      error.line = line;
    }
    return error;
  }
  return config;
}

Result<Config> LoadConfig(const fs::path& file, const std::vector<std::string>& assignments) {
  Result<JsonDocument> document = ReadJson(file);
  if (!document.ok()) return document.error();
  return ResolveConfig({std::move(*document)}, assignments);
}

}  // namespace ecg::train
