// Whether scores can be read as probabilities: a score of 0.3 should be right in 30 % of cases.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ecg/score/metrics.h"

namespace ecg::score {

// Scores in [low, high), in the last bin [low, high].
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::size_t count = 0;
  double mean_score = 0;  // NaN where count is 0
  double positives = 0;   // share of the scores whose label is 1; NaN where count is 0
};

struct Reliability {
  std::vector<ReliabilityBin> bins;
  std::size_t count = 0;
  // Mean squared difference of score and label (Brier 1950,
  // doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2).
  double brier = 0;
  // Mean over the bins, weighted by their counts, of |mean score - share of positives| (Naeini et
  // al. 2015, doi:10.1609/aaai.v29i1.9602).
  double expected_error = 0;
};

struct ReliabilityTable {
  Reliability overall;                 // all classes pooled
  std::vector<Reliability> per_class;  // [classes]
};

// Nothing where a score lies outside [0, 1]: then they are no probabilities. NaN counts as 0.
std::optional<ReliabilityTable> MeasureReliability(const Outcomes& outcomes, std::size_t bins = 10);

}  // namespace ecg::score
