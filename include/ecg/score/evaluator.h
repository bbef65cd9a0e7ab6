// The metrics of one set of outcomes for many selections of its recordings: bootstrap samples, the
// recordings of one source, all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/score/metrics.h"

namespace ecg::score {

// Sorts once; every evaluation is then linear in recordings x classes. Const functions may be
// called from several threads. Keeps 4 bytes per recording and class, and a reference to `classes`.
class Evaluator {
 public:
  // `threads` as in ParallelFor, for the sorting.
  Evaluator(const Outcomes& outcomes, const challenge::ClassSet& classes, int threads = 1);

  std::size_t recordings() const { return exactly_right_.size(); }

  // Every recording once.
  Metrics Evaluate() const;
  // Recording i counted counts[i] times, as if the outcomes held it that often in a row.
  // Throws Exception (kInternal) where counts has another size than recordings().
  Metrics Evaluate(const std::vector<std::uint32_t>& counts) const;

 private:
  // The classes that are set in each row of a 0/1 matrix: those of row i stand at
  // [begin[i], begin[i + 1]).
  struct SetClasses {
    explicit SetClasses(const std::vector<std::uint8_t>& matrix, std::size_t classes);
    std::vector<std::uint32_t> begin;
    std::vector<std::uint16_t> classes;
  };
  // Where the scores of one class lie among its thresholds. Only thresholds at which a positive
  // lies move TPR, hence the areas: those scores, ascending, have the odd slots 1, 3, ...; all
  // scores between two of them share an even slot.
  struct Ranking {
    std::vector<double> thresholds;    // the distinct scores of the positives, ascending
    std::vector<std::uint32_t> place;  // [recordings]: 2 x slot + label
  };

  // scores: one class's [recordings].
  Ranking Rank(const double* scores, std::size_t k) const;
  void AddAreas(const std::vector<std::uint32_t>& counts, std::size_t k,
                ClassMetrics& metrics) const;
  void AddCounts(const std::vector<std::uint32_t>& counts, Metrics& metrics) const;
  void AddChallenge(const std::vector<std::uint32_t>& counts, Metrics& metrics) const;

  const challenge::ClassSet& classes_;
  SetClasses labels_;
  SetClasses decisions_;
  std::vector<std::uint8_t> is_label_;       // [recordings][classes]
  std::vector<std::uint8_t> is_decision_;    // [recordings][classes]
  std::vector<std::uint8_t> exactly_right_;  // [recordings]
  std::vector<Ranking> rankings_;            // [classes]
};

}  // namespace ecg::score
