#include "ecg/score/metrics.h"

#include <limits>

#include "ecg/core/result.h"
#include "ecg/score/evaluator.h"
#include "src/score/challenge_sums.h"

namespace ecg::score {
namespace {

double Share(std::uint64_t part, std::uint64_t rest) {
  return static_cast<double>(part) / static_cast<double>(part + rest);
}

}  // namespace

double ClassMetrics::Sensitivity() const { return Share(true_positives, false_negatives); }

double ClassMetrics::Specificity() const { return Share(true_negatives, false_positives); }

double ClassMetrics::PositivePredictiveValue() const {
  return Share(true_positives, false_positives);
}

Metrics Evaluate(const Outcomes& outcomes, const challenge::ClassSet& classes, int threads) {
  return Evaluator(outcomes, classes, threads).Evaluate();
}

double ChallengeMetric(const std::vector<std::uint8_t>& labels,
                       const std::vector<std::uint8_t>& decisions,
                       const challenge::ClassSet& classes) {
  const std::size_t size = classes.size();
  if (labels.size() != decisions.size() || labels.size() % size != 0) {
    throw Exception({ErrorKind::kInternal, "labels and decisions of different sizes", {}, 0, {}});
  }
  if (!classes.HasChallengeMetric()) return std::numeric_limits<double>::quiet_NaN();
  const auto list = [size](const std::uint8_t* row, std::vector<std::uint16_t>& set) {
    set.clear();
    for (std::size_t k = 0; k < size; ++k) {
      if (row[k] != 0) set.push_back(static_cast<std::uint16_t>(k));
    }
    return ClassList{set.data(), set.data() + set.size()};
  };
  ChallengeSums sums(classes);
  std::vector<std::uint16_t> label_set, decision_set;
  for (std::size_t i = 0; i < labels.size(); i += size) {
    sums.Add(list(&labels[i], label_set), list(&decisions[i], decision_set), 1.0);
  }
  return sums.Metric();
}

}  // namespace ecg::score
