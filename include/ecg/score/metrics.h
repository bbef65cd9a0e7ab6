// The metrics of the PhysioNet/CinC Challenges 2020 and 2021, as the official scorers define them
// (physionetchallenges/evaluation-2021 and evaluation-2020; Perez Alday et al.,
// doi:10.1088/1361-6579/abc960; Reyna et al., doi:10.23919/CinC53138.2021.9662687).
//
// Every sum is taken in the official order, so that the values agree to the last bit.
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
  std::vector<double> scores;           // higher = more likely; NaN counts as 0
};

// NaN where a class has no positive (AUROC, AUPRC), no negative (AUROC), or neither a label nor a
// decision (F-measure, F-beta, G-beta).
struct ClassMetrics {
  double auroc = 0;  // area under the receiver operating characteristic
  double auprc = 0;  // area under the precision-recall curve, as average precision
  double f_measure = 0;
  double f_beta = 0;  // 2020, beta = 2, each recording weighted by 1 / max(1, its labels)
  double g_beta = 0;
  // The score at or above which a recording should count as positive for the highest F-measure,
  // and that F-measure. The highest such score; NaN where the class has no positive.
  double best_threshold = 0;
  double best_f_measure = 0;
  // Recordings by label and decision.
  std::uint64_t true_positives = 0;
  std::uint64_t false_positives = 0;
  std::uint64_t false_negatives = 0;
  std::uint64_t true_negatives = 0;

  std::uint64_t positives() const { return true_positives + false_negatives; }
  // NaN where nothing is divided by nothing.
  double Sensitivity() const;
  double Specificity() const;
  double PositivePredictiveValue() const;
};

// Macro averages run over the classes that have a value; NaN where none has one.
struct Metrics {
  std::uint64_t recordings = 0;
  double auroc = 0;
  double auprc = 0;
  double accuracy = 0;  // share of the recordings whose decisions are all right
  double f_measure = 0;
  double f_beta = 0;
  double g_beta = 0;
  // Normalised: always normal 0, perfect 1; below 0 is possible. NaN where the classes have no
  // rewards or no sinus rhythm.
  double challenge = 0;
  std::vector<ClassMetrics> per_class;
};

// `classes` must have outcomes.classes entries. Throws Exception (kInternal) where a matrix does
// not have the size that the outcomes state. The result is the same for any number of threads.
Metrics Evaluate(const Outcomes& outcomes, const challenge::ClassSet& classes, int threads = 1);

// The challenge metric alone, as in Metrics, from uint8 [recordings][classes]. To try many
// decisions one after the other, see IncrementalChallengeMetric.
double ChallengeMetric(const std::vector<std::uint8_t>& labels,
                       const std::vector<std::uint8_t>& decisions,
                       const challenge::ClassSet& classes);

}  // namespace ecg::score
