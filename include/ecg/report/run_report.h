// What run folders say of training runs, running or finished, for people to look at.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/train/plan/run_log.h"

namespace ecg::report {

struct RunReport {
  std::string name;  // of its folder
  Json config;       // as resolved
  train::RunFigures figures;
  std::vector<std::string> validation_records;  // by name, sorted

  bool finished() const { return !figures.final.is_null(); }
};

// From config.json, metrics.jsonl and split.csv.
Result<RunReport> ReadRun(const std::filesystem::path& folder);

// Curves of the steps' losses (averaged where there are more than columns) and of the validation
// figures, `width` characters wide, and where the time went.
std::string CurvesText(const RunReport& run, std::size_t width);

// A table with a column a run: the settings that differ, then the figures of each part and lead
// set; below it a warning where they were not validated on the same records.
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
std::string StudyText(const std::vector<StudyVariant>& variants);
// The same figures, a line for each variant, seed, part and lead set.
std::string StudyCsv(const std::vector<StudyVariant>& variants);

}  // namespace ecg::report
