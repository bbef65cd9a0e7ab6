// Everything that can be said about a set of predictions, and the ways to write it down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/score/baselines.h"
#include "ecg/score/bootstrap.h"
#include "ecg/score/calibration.h"
#include "ecg/score/metrics.h"
#include "ecg/score/score_input.h"

namespace ecg::score {

struct ReportOptions {
  BootstrapOptions bootstrap;  // samples 0 = no intervals
  bool by_source = false;
  bool by_leads = false;
  bool calibration = false;
  bool baselines = false;
  int threads = 0;
};

// The recordings that have something in common.
struct ScoreGroup {
  std::string kind;  // "source" or "leads"
  std::string name;
  Metrics metrics;
};

// The predictions beside others on the same recordings.
struct Comparison {
  Metrics other;
  std::vector<Difference> differences;  // predictions minus others, in the order of MetricFields
};

struct ScoreReport {
  Challenge challenge = Challenge::k2021;
  Metrics metrics;
  double confidence = 0.95;
  std::size_t bootstrap_samples = 0;
  std::optional<MetricIntervals> intervals;
  std::vector<ScoreGroup> groups;
  bool scores_are_probabilities = true;  // told only where calibration was asked for
  std::optional<CalibrationTable> calibration;
  std::vector<Baseline> baselines;
  std::optional<Comparison> comparison;  // where the input holds a second set of predictions
  std::vector<Finding> findings;
  std::size_t failed = 0;
};

ScoreReport BuildReport(const ScoreInput& input, Challenge challenge, const ReportOptions& options);

// Tables for people, in ASCII.
std::string ReportText(const ScoreReport& report);

// One object; what has no value (a metric of a class without a label) is null.
Json ReportJson(const ScoreReport& report);

// One value a line: group,class,metric,value,low,high. The group is "all", "source=...",
// "leads=...", "baseline=..." or "compared"; the class is empty for macro averages.
std::string ReportCsv(const ScoreReport& report);

// A finding as one line, with the records it names: at most `names`.
std::string FindingText(const Finding& finding, std::size_t names);

}  // namespace ecg::score
