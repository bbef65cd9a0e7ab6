// Curves of one class over all thresholds, to be drawn.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/score/metrics.h"

namespace ecg::score {

struct CurvePoint {
  double x = 0;
  double y = 0;
};

// From (0, 0) to (1, 1): the share of the negatives that are positive by score, and of the
// positives; a point for each distinct score, thinned out to `points` (at least 2). Empty where the
// class has no positive or no negative.
std::vector<CurvePoint> RocCurve(const Outcomes& outcomes, std::size_t k, std::size_t points = 200);

// Recall and precision, from the highest score on. Empty where the class has no positive.
std::vector<CurvePoint> PrecisionRecallCurve(const Outcomes& outcomes, std::size_t k,
                                             std::size_t points = 200);

// What the challenge metric weighs with its rewards: [classes][classes], row = label, column =
// output. A recording's shares are 1 / (classes that are labelled or decided, at least 1) each.
std::vector<std::vector<double>> ChallengeConfusion(const Outcomes& outcomes);

}  // namespace ecg::score
