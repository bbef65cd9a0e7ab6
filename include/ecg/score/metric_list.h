// The metrics of a challenge by name, in the order in which its scorer prints them.
#pragma once

#include <string>
#include <vector>

#include "ecg/score/metrics.h"
#include "ecg/score/score_input.h"

namespace ecg::score {

struct MetricField {
  std::string key;    // for machines and options, as in "f_measure"
  std::string title;  // as the official scorer has it, as in "F-measure"
  std::string meaning;
  double Metrics::*value = nullptr;
};

const std::vector<MetricField>& MetricFields(Challenge challenge);

// The metrics of one class, for tables.
struct ClassMetricField {
  std::string key;
  std::string title;
  double ClassMetrics::*value = nullptr;
};

const std::vector<ClassMetricField>& ClassMetricFields(Challenge challenge);

}  // namespace ecg::score
