#include "ecg/score/incremental.h"

#include "ecg/core/result.h"

namespace ecg::score {

IncrementalChallengeMetric::IncrementalChallengeMetric(const std::vector<std::uint8_t>& labels,
                                                       const std::vector<std::uint8_t>& decisions,
                                                       const challenge::ClassSet& classes)
    : classes_(classes.size()),
      labels_(labels),
      decisions_(labels.size()),
      gains_(labels.size()),
      recordings_(labels.size() / classes.size()) {
  if (!classes.HasChallengeMetric()) {
    throw Exception({ErrorKind::kInternal, "these classes have no challenge metric", {}, 0, {}});
  }
  if (labels.size() != decisions.size() || labels.size() % classes_ != 0) {
    throw Exception({ErrorKind::kInternal, "labels and decisions of different sizes", {}, 0, {}});
  }
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    const std::size_t row = i * classes_;
    for (std::size_t j = 0; j < classes_; ++j) {
      if (labels_[row + j] == 0) continue;
      ++recordings_[i].united;
      for (std::size_t k = 0; k < classes_; ++k) gains_[row + k] += classes.Reward(j, k);
    }
    double reward_of_labels = 0;
    for (std::size_t j = 0; j < classes_; ++j) {
      if (labels_[row + j] != 0) reward_of_labels += gains_[row + j];
    }
    const std::uint32_t number = recordings_[i].united;
    if (number > 0) {
      const std::size_t normal = row + *classes.normal_index();
      correct_ += reward_of_labels / number;
      inactive_ += gains_[normal] / (number + (labels_[normal] == 0 ? 1 : 0));
    }
    for (std::size_t k = 0; k < classes_; ++k) SetDecision(i, k, decisions[row + k] != 0);
  }
}

double IncrementalChallengeMetric::Value() const {
  return correct_ != inactive_ ? (observed_ - inactive_) / (correct_ - inactive_) : 0.0;
}

void IncrementalChallengeMetric::SetDecision(std::size_t recording, std::size_t k, bool decision) {
  const std::size_t cell = recording * classes_ + k;
  if ((decisions_[cell] != 0) == decision) return;
  Recording& state = recordings_[recording];
  observed_ -= state.Share();
  const bool unites = labels_[cell] == 0;
  if (decision) {
    state.reward += gains_[cell];
    state.united += unites ? 1 : 0;
  } else {
    state.reward -= gains_[cell];
    state.united -= unites ? 1 : 0;
  }
  decisions_[cell] = decision ? 1 : 0;
  observed_ += state.Share();
}

}  // namespace ecg::score
