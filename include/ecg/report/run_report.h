// What run folders say of training runs, running or finished, for people to look at.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/model/model_info.h"
#include "ecg/report/table.h"
#include "ecg/train/plan/run_log.h"

namespace ecg::report {

struct RunReport {
  std::string name;  // of its folder
  Json config;       // as resolved
  Json environment;  // null where the folder does not say
  train::RunFigures figures;
  std::optional<model::ModelInfo> model;        // once it is finished
  std::vector<std::string> validation_records;  // by name, sorted

  bool finished() const { return !figures.final.is_null(); }
};

// From config.json, environment.json, metrics.jsonl, split.csv and the bundle.
Result<RunReport> ReadRun(const std::filesystem::path& folder);

// Curves of the steps' losses (averaged where there are more than columns) and of the validation
// figures, `width` characters wide, and where the time went.
std::string CurvesText(const RunReport& run, std::size_t width);

// With a column a run: a row for each setting, or for those alone that differ (but for the run's
// name); the figures of each part and lead set.
Table SettingsTable(const std::vector<RunReport>& runs, bool all);
Table FiguresTable(const std::vector<RunReport>& runs);
// Where they were not validated on the same records, whose figures do not compare; else empty.
std::string WarningOfRecords(const std::vector<RunReport>& runs);

// The settings that differ and the figures as one text, and the warning below it.
std::string ComparisonText(const std::vector<RunReport>& runs);

// The runs of a study: one way of training with several seeds.
struct StudyVariant {
  std::string name;
  std::vector<RunReport> runs;  // by seed, the same seeds for every variant
};

// A row a variant: the challenge metric of each lead set, and AUROC and AUPRC of 12 leads, as mean
// and standard deviation over the seeds, on the test records where there are some, else on the
// validation records; and how far the metric of 12 leads lies above the first variant's, with the
// 95 % interval of the seeds' paired differences (Student's t).
Table StudyTable(const std::vector<StudyVariant>& variants);
std::string StudyText(const std::vector<StudyVariant>& variants);
// The same figures, a line for each variant, seed, part and lead set.
std::string StudyCsv(const std::vector<StudyVariant>& variants);

// What a folder holds: a run, or several of them, each in a folder of its own, or a study or sweep
// (NAME/VARIANT/seed-N), whose variants are in the order of its study.csv, where it has one, else
// by name. An error where there is none.
struct RunsOfFolder {
  std::vector<RunReport> runs;      // all
  std::vector<StudyVariant> study;  // the same by variant; empty where it is none
};
Result<RunsOfFolder> ReadRuns(const std::filesystem::path& folder);

}  // namespace ecg::report
