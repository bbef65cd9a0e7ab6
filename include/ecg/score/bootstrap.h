// Confidence intervals by the bootstrap over recordings: recordings are drawn with replacement, as
// many as there are, and the metrics computed anew (Efron 1979, doi:10.1214/aos/1176344552; the
// percentile method).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/score/evaluator.h"
#include "ecg/score/metric_list.h"
#include "ecg/score/metrics.h"

namespace ecg::score {

struct BootstrapOptions {
  std::size_t samples = 1000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
  int threads = 0;  // the result does not depend on it
};

// NaN where a metric has a value in no sample.
struct Interval {
  double low = 0;
  double high = 0;
};

// In the order of MetricFields and ClassMetricFields.
struct MetricIntervals {
  std::vector<Interval> overall;
  std::vector<std::vector<Interval>> per_class;  // [classes][class metrics]
};

MetricIntervals Bootstrap(const Evaluator& evaluator, const Scoring& scoring,
                          const BootstrapOptions& options);

// How much a metric of the second predictions exceeds that of the first.
struct Difference {
  double value = 0;  // on all recordings
  Interval interval;
  // Twice the share of the samples in which the difference has the other sign or none (at least
  // 1 / (samples + 1), at most 1): small where the difference is unlikely to be chance.
  double p_value = 1;
};

// Both on the same recordings in the same order; every sample draws the same recordings for both.
// One difference a metric, in the order of MetricFields.
std::vector<Difference> CompareByBootstrap(const Evaluator& first, const Evaluator& second,
                                           const Scoring& scoring, const BootstrapOptions& options);

// Linear interpolation between the sorted values that are not NaN, probability in [0, 1].
double Quantile(std::vector<double> values, double probability);

}  // namespace ecg::score
