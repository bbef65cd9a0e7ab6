// The challenges: their classes, and their metrics by name, in the order in which the official
// scorers print them.
#pragma once

#include <string>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/core/result.h"
#include "ecg/score/metrics.h"

namespace ecg::score {

enum class Challenge { k2020, k2021 };

const challenge::ClassSet& ClassesOf(Challenge challenge);

struct MetricField {
  std::string key;    // for machines and options, as in "f_measure"
  std::string title;  // as the official scorer has it, as in "F-measure"
  std::string meaning;
  double Metrics::*value = nullptr;
};

const std::vector<MetricField>& MetricFields(Challenge challenge);

// A value that a metric should reach.
struct MetricFloor {
  MetricField metric;
  double value = 0;
};

// "KEY=VALUE", as in "f_measure=0.5". An error (kUsage): no such metric, no number.
Result<MetricFloor> ParseMetricFloor(const std::string& text, Challenge challenge);

// A value that is NaN is below every floor.
bool IsBelow(const Metrics& metrics, const MetricFloor& floor);

// The metrics of one class, for tables.
struct ClassMetricField {
  std::string key;
  std::string title;
  double ClassMetrics::*value = nullptr;
};

const std::vector<ClassMetricField>& ClassMetricFields(Challenge challenge);

}  // namespace ecg::score
