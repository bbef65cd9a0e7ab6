#include "ecg/score/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "ecg/core/parallel.h"
#include "ecg/core/random.h"
#include "ecg/core/result.h"

namespace ecg::score {
namespace {

// How often each recording is drawn into a sample. Depends on the seed and the number of the
// sample alone, hence not on the thread that draws it.
std::vector<std::uint32_t> Draw(std::size_t recordings, std::uint64_t seed, std::size_t sample) {
  Rng rng({seed, sample});
  std::vector<std::uint32_t> counts(recordings);
  for (std::size_t i = 0; i < recordings; ++i) ++counts[rng.Below(recordings)];
  return counts;
}

Interval IntervalOf(const std::vector<double>& values, double confidence) {
  const double tail = (1 - confidence) / 2;
  return {Quantile(values, tail), Quantile(values, 1 - tail)};
}

// What `measure` gives for every sample: [measured values][samples].
using Measure = std::function<std::vector<double>(const std::vector<std::uint32_t>& counts)>;
std::vector<std::vector<double>> Resample(std::size_t recordings, const BootstrapOptions& options,
                                          const Measure& measure) {
  std::vector<std::vector<double>> of_sample(options.samples);
  ParallelFor(options.samples, options.threads, [&](std::size_t sample) {
    of_sample[sample] = measure(Draw(recordings, options.seed, sample));
  });
  std::vector<std::vector<double>> of_value;
  for (std::size_t sample = 0; sample < of_sample.size(); ++sample) {
    of_value.resize(of_sample[sample].size());
    for (std::size_t v = 0; v < of_value.size(); ++v) of_value[v].push_back(of_sample[sample][v]);
  }
  return of_value;
}

double PValue(const std::vector<double>& differences) {
  std::size_t count = 0, not_above = 0, not_below = 0;
  for (const double difference : differences) {
    if (std::isnan(difference)) continue;
    ++count;
    not_above += difference <= 0 ? 1 : 0;
    not_below += difference >= 0 ? 1 : 0;
  }
  const auto tail = static_cast<double>(std::min(not_above, not_below) + 1);
  return std::min(1.0, 2 * tail / static_cast<double>(count + 1));
}

}  // namespace

double Quantile(std::vector<double> values, double probability) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
               values.end());
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double at = probability * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

MetricIntervals Bootstrap(const Evaluator& evaluator, const Scoring& scoring,
                          const BootstrapOptions& options) {
  const std::vector<MetricField>& fields = MetricFields(scoring);
  const std::vector<ClassMetricField>& class_fields = ClassMetricFields(scoring);
  const std::vector<std::vector<double>> values =
      Resample(evaluator.recordings(), options, [&](const std::vector<std::uint32_t>& counts) {
        const Metrics metrics = evaluator.Evaluate(counts);
        std::vector<double> measured;
        for (const MetricField& field : fields) measured.push_back(metrics.*field.value);
        for (const ClassMetrics& of : metrics.per_class) {
          for (const ClassMetricField& field : class_fields) measured.push_back(of.*field.value);
        }
        return measured;
      });
  MetricIntervals intervals;
  for (std::size_t v = 0; v < values.size(); ++v) {
    const Interval interval = IntervalOf(values[v], options.confidence);
    if (v < fields.size()) {
      intervals.overall.push_back(interval);
      continue;
    }
    if ((v - fields.size()) % class_fields.size() == 0) intervals.per_class.emplace_back();
    intervals.per_class.back().push_back(interval);
  }
  return intervals;
}

std::vector<Difference> CompareByBootstrap(const Evaluator& first, const Evaluator& second,
                                           const Scoring& scoring,
                                           const BootstrapOptions& options) {
  if (first.recordings() != second.recordings()) {
    throw Exception({ErrorKind::kInternal, "comparison of different recordings", {}, 0, {}});
  }
  const std::vector<MetricField>& fields = MetricFields(scoring);
  const auto differences = [&](const Metrics& a, const Metrics& b) {
    std::vector<double> measured;
    for (const MetricField& field : fields) measured.push_back(b.*field.value - a.*field.value);
    return measured;
  };
  const std::vector<double> on_all = differences(first.Evaluate(), second.Evaluate());
  const std::vector<std::vector<double>> samples =
      Resample(first.recordings(), options, [&](const std::vector<std::uint32_t>& counts) {
        return differences(first.Evaluate(counts), second.Evaluate(counts));
      });
  std::vector<Difference> result;
  for (std::size_t m = 0; m < fields.size(); ++m) {
    Difference difference;
    difference.value = on_all[m];
    const std::vector<double> values = samples.empty() ? std::vector<double>() : samples[m];
    difference.interval = IntervalOf(values, options.confidence);
    difference.p_value = PValue(values);
    result.push_back(difference);
  }
  return result;
}

}  // namespace ecg::score
