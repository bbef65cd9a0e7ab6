// Class thresholds that suit the challenge metric, or else the F-measure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "ecg/challenge/challenge.h"

namespace ecg::score {

// Changes the decisions of one recording, uint8 [classes], in place.
using DecisionRule = std::function<void(std::uint8_t* decisions)>;

// Thresholds, one a class (positive from the threshold on), found by coordinate ascent on the
// challenge metric of the decisions after `rule`: class by class, every place between two
// neighbouring probabilities is tried, and the move is kept if the metric rises; until a round over
// all classes changes nothing or `max_rounds` are done. Starts at `initial` for every class.
//
// Classes without a challenge metric get the threshold of the highest F-measure each, by
// themselves: `rule` and `max_rounds` take no part, and `initial` stays where nothing is higher, as
// for a class without a label.
//
// labels uint8 and probabilities float are [recordings][classes]. Throws Exception (kInternal)
// where their sizes do not fit or a probability is not finite: no order could be had of those.
std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes, double initial,
                                  const DecisionRule& rule, int max_rounds = 10);

}  // namespace ecg::score
