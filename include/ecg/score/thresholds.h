// Class thresholds that suit the challenge metric, or else the F-measure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "ecg/challenge/challenge.h"

namespace ecg::score {

// Changes the decisions of a recording, uint8 [classes], in place.
using DecisionRule = std::function<void(std::size_t recording, std::uint8_t* decisions)>;

// Where thresholds start, and what holds them there.
struct ThresholdStart {
  std::vector<double> thresholds;  // [classes]
  // From the metric is taken, for each class, this times the square of the way, in logits, that its
  // threshold has gone: so a few recordings move little, and only what they insist on. 0: nothing.
  double pull = 0;
  std::vector<std::uint8_t> held = {};  // [classes]: those that stay; empty: none
};

// Thresholds, one a class (positive from the threshold on), found by coordinate ascent on the
// challenge metric of the decisions after `rule`: class by class, every place between two
// neighbouring probabilities is tried, and the move is kept if the metric rises; until a round over
// all classes changes nothing or `max_rounds` are done.
//
// Classes without a challenge metric get the threshold of the highest F-measure each, by
// themselves: `rule` and `max_rounds` take no part, the pull counts against the mean of all
// classes' F-measures, and the start stays where nothing is higher, as for a class without a label.
//
// labels uint8 and probabilities float are [recordings][classes]. Throws Exception (kInternal)
// where their sizes do not fit or a probability is not finite: no order could be had of those.
std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes, const ThresholdStart& start,
                                  const DecisionRule& rule, int max_rounds = 10);

}  // namespace ecg::score
