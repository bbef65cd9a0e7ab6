// What predictions are scored by: the classes of a challenge or of one's own, and their metrics by
// name, in the order in which the official scorers print them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/core/result.h"
#include "ecg/score/metrics.h"

namespace ecg::score {

enum class Challenge { k2020, k2021 };

// Classes with their rewards, and by which year's rules and metrics they are scored.
class Scoring {
 public:
  // Those of a challenge.
  Scoring(Challenge year = Challenge::k2021) : year_(year) {}
  // Others, with the metrics of 2021; the challenge metric is one of them where they have it.
  explicit Scoring(challenge::ClassSet own);

  Challenge year() const { return year_; }
  bool IsOfAChallenge() const { return own_ == nullptr; }
  // As long as this, or a copy, is there.
  const challenge::ClassSet& classes() const;

 private:
  Challenge year_;
  std::shared_ptr<const challenge::ClassSet> own_;  // null: those of the year
};

struct MetricField {
  std::string key;    // for machines and options, as in "f_measure"
  std::string title;  // as the official scorer has it, as in "F-measure"
  std::string meaning;
  double Metrics::*value = nullptr;
};

// Without the challenge metric where the classes do not have it.
const std::vector<MetricField>& MetricFields(const Scoring& scoring);

// A value that a metric should reach.
struct MetricFloor {
  MetricField metric;
  double value = 0;
};

// "KEY=VALUE", as in "f_measure=0.5". An error (kUsage): no such metric, no number.
Result<MetricFloor> ParseMetricFloor(const std::string& text, const Scoring& scoring);

// A value that is NaN is below every floor.
bool IsBelow(const Metrics& metrics, const MetricFloor& floor);

// The metrics of one class, for tables.
struct ClassMetricField {
  std::string key;
  std::string title;
  double ClassMetrics::*value = nullptr;
};

const std::vector<ClassMetricField>& ClassMetricFields(const Scoring& scoring);

}  // namespace ecg::score
