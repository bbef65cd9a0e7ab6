// Predictions that know nothing of the signal: what any classifier must beat. On the training data
// of 2021, random output reaches a challenge metric near 0.3 (paper, introduction).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/score/metrics.h"

namespace ecg::score {

struct Baseline {
  std::string key;    // as in "always_normal"
  std::string title;  // as in "always normal"
  Metrics metrics;
};

// Always normal: sinus rhythm for every recording; challenge metric 0 by definition. Left out where
// it is none of the classes.
// Random: every class by a fair coin, score uniform in [0, 1).
// Random by prevalence: every class as often as it occurs in the labels, independently.
// The random ones depend on the seed alone.
std::vector<Baseline> Baselines(const Outcomes& outcomes, const challenge::ClassSet& classes,
                                std::uint64_t seed, int threads = 1);

}  // namespace ecg::score
