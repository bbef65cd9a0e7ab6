// Logit maps for recordings that are few: held at the identity, they move no further than the
// labels insist on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/score/logit_map.h"

namespace ecg::score {

// How firmly: the precisions of normal priors on a map's slope, at 1, and offset, at 0.
struct LogitPrior {
  double slope = 0;
  double offset = 0;
};

// The map for each class under which labels and priors are most likely. labels uint8 and
// probabilities float are [recordings][classes]; the probabilities must be finite. Throws Exception
// (kInternal) where the sizes do not fit.
std::vector<LogitMap> FitHeldLogitMaps(const std::vector<std::uint8_t>& labels,
                                       const std::vector<float>& probabilities, std::size_t classes,
                                       const LogitPrior& prior);

// Minus the mean, over all cells, of the logarithm of the probability of what the labels say.
double LogLoss(const std::vector<std::uint8_t>& labels, const std::vector<float>& probabilities);

}  // namespace ecg::score
