// The metrics of the PhysioNet/CinC Challenge 2021, as the official scorer defines them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/challenge/challenge.h"

namespace ecg::score {

// Labels and outputs of a number of recordings, all row-major [recordings][classes].
struct Outcomes {
  std::size_t recordings = 0;
  std::size_t classes = 0;
  std::vector<std::uint8_t> labels;     // 0 or 1
  std::vector<std::uint8_t> decisions;  // 0 or 1
  std::vector<double> scores;           // any finite values; higher = more likely
};

// NaN where a class has no positive (AUROC, AUPRC), no negative (AUROC), or neither a label nor a
// decision (F-measure).
struct ClassMetrics {
  double auroc = 0;
  double auprc = 0;
  double f_measure = 0;
};

struct Metrics {
  double auroc = 0;  // macro averages over the classes that have a value
  double auprc = 0;
  double accuracy = 0;  // recordings whose decisions are all right
  double f_measure = 0;
  double challenge = 0;  // normalised challenge metric: inactive classifier 0, perfect 1
  std::vector<ClassMetrics> per_class;
};

// `classes` must have outcomes.classes entries.
Metrics Evaluate(const Outcomes& outcomes, const challenge::ClassSet& classes);

// The challenge metric alone, from uint8 [recordings][classes]. What thresholds are fitted with.
double ChallengeMetric(const std::vector<std::uint8_t>& labels,
                       const std::vector<std::uint8_t>& decisions,
                       const challenge::ClassSet& classes);

}  // namespace ecg::score
