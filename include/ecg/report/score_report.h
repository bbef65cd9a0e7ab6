// Everything that can be said about a set of predictions, and the ways to write it down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/score/baselines.h"
#include "ecg/score/bootstrap.h"
#include "ecg/score/metrics.h"
#include "ecg/score/reliability.h"

namespace ecg::report {

struct ReportOptions {
  // Samples for the intervals, also of each group, 0 = none. Where it is not said: 1000 for up to
  // 5000 recordings, where they take no noticeable time, and wherever two sets of predictions are
  // compared.
  std::optional<std::size_t> samples;
  score::BootstrapOptions bootstrap;  // its samples are not used
  bool by_source = false;
  bool by_leads = false;
  bool by_age = false;  // to 39, 40 to 59, 60 to 79, 80 and older
  bool by_sex = false;
  bool calibration = false;
  bool baselines = false;
  int threads = 0;
};

// The recordings that have something in common.
struct ScoreGroup {
  std::string kind;  // "source", "leads", "age" or "sex"
  std::string name;
  score::Metrics metrics;
  std::vector<score::Interval> intervals;  // in the order of MetricFields; empty: none
};

// The predictions beside others on the same recordings.
struct Comparison {
  score::Metrics other;
  std::vector<score::Difference>
      differences;  // predictions minus others, in the order of MetricFields
};

struct ScoreReport {
  score::Scoring scoring;
  score::Metrics metrics;
  double confidence = 0.95;
  std::size_t bootstrap_samples = 0;
  std::optional<score::MetricIntervals> intervals;
  std::vector<ScoreGroup> groups;
  bool scores_are_probabilities = true;  // told only where calibration was asked for
  std::optional<score::ReliabilityTable> calibration;
  std::vector<score::Baseline> baselines;
  std::optional<Comparison> comparison;  // where the input holds a second set of predictions
  std::vector<data::InputNote> input_notes;
  std::size_t failed = 0;
};

ScoreReport BuildReport(const data::ScoreInput& input, const score::Scoring& scoring,
                        const ReportOptions& options);

// Tables for people, in ASCII.
std::string ReportText(const ScoreReport& report);

// One object; what has no value (a metric of a class without a label) is null.
Json ReportJson(const ScoreReport& report);

// One value a line: group,class,metric,value,low,high. The group is "all", "source=...",
// "leads=...", "age=...", "sex=...", "baseline=..." or "compared"; the class is empty for macro
// averages.
std::string ReportCsv(const ScoreReport& report);

// A note as one line, with the records it names: at most `names`.
std::string InputNoteText(const data::InputNote& note, std::size_t names);

}  // namespace ecg::report
