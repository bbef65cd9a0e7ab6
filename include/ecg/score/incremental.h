// The challenge metric while decisions change one at a time: what thresholds are fitted with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/challenge/challenge.h"

namespace ecg::score {

// Changing one decision takes constant time, so walking a class's threshold over all its scores
// costs one step a recording. Differs from ChallengeMetric by rounding only: about 1e-16 a change.
class IncrementalChallengeMetric {
 public:
  // uint8 [recordings][classes] each, as for ChallengeMetric. Throws Exception (kInternal) where
  // their sizes do not fit or the classes have no challenge metric.
  IncrementalChallengeMetric(const std::vector<std::uint8_t>& labels,
                             const std::vector<std::uint8_t>& decisions,
                             const challenge::ClassSet& classes);

  double Value() const;
  bool Decision(std::size_t recording, std::size_t k) const {
    return decisions_[recording * classes_ + k] != 0;
  }
  void SetDecision(std::size_t recording, std::size_t k, bool decision);

 private:
  struct Recording {
    double reward = 0;         // sum of the rewards over its labels x its decisions
    std::uint32_t united = 0;  // classes that are a label, a decision or both
    double Share() const { return united > 1 ? reward / united : reward; }
  };

  std::size_t classes_;
  std::vector<std::uint8_t> labels_;
  std::vector<std::uint8_t> decisions_;
  std::vector<double> gains_;  // [recordings][classes]: reward of one more decision
  std::vector<Recording> recordings_;
  double observed_ = 0;
  double correct_ = 0;
  double inactive_ = 0;
};

}  // namespace ecg::score
