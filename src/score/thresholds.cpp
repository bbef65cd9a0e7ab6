#include "ecg/score/thresholds.h"

#include <algorithm>
#include <numeric>

namespace ecg::score {
namespace {

// The unnormalised challenge metric, recording by recording: normalising does not move its
// maximum.
class Objective {
 public:
  Objective(const std::vector<std::uint8_t>& labels, const std::vector<float>& probabilities,
            const challenge::ClassSet& classes, double initial, const DecisionRule& rule)
      : labels_(labels),
        probabilities_(probabilities),
        classes_(classes.size()),
        recordings_(labels.size() / classes.size()),
        rule_(rule),
        rewards_(labels.size()),
        raw_(labels.size()),
        decided_(classes.size()) {
    for (std::size_t i = 0; i < recordings_; ++i) {
      for (std::size_t k = 0; k < classes_; ++k) {
        const std::size_t cell = i * classes_ + k;
        raw_[cell] = static_cast<double>(probabilities_[cell]) >= initial ? 1 : 0;
        for (std::size_t j = 0; j < classes_; ++j) {
          if (labels_[i * classes_ + j]) rewards_[cell] += classes.Reward(j, k);
        }
      }
    }
  }

  std::size_t recordings() const { return recordings_; }
  float Probability(std::size_t i, std::size_t k) const { return probabilities_[i * classes_ + k]; }
  bool Raw(std::size_t i, std::size_t k) const { return raw_[i * classes_ + k] != 0; }
  void SetRaw(std::size_t i, std::size_t k, bool on) { raw_[i * classes_ + k] = on ? 1 : 0; }

  // What recording i adds to the metric with its present decisions.
  double Gain(std::size_t i) {
    const std::size_t begin = i * classes_;
    std::copy_n(raw_.begin() + static_cast<std::ptrdiff_t>(begin), classes_, decided_.begin());
    rule_(decided_.data());
    double reward = 0;
    int in_union = 0;
    for (std::size_t k = 0; k < classes_; ++k) {
      if (decided_[k]) reward += rewards_[begin + k];
      if (decided_[k] || labels_[begin + k]) ++in_union;
    }
    return reward / std::max(1, in_union);
  }

 private:
  const std::vector<std::uint8_t>& labels_;
  const std::vector<float>& probabilities_;
  const std::size_t classes_;
  const std::size_t recordings_;
  const DecisionRule& rule_;
  std::vector<double> rewards_;        // [recordings][classes]: of deciding for the class
  std::vector<std::uint8_t> raw_;      // [recordings][classes]: before the rule
  std::vector<std::uint8_t> decided_;  // one recording's, after it
};

// Between two probabilities, so that neither depends on the last bit.
double Between(float above, float below) {
  return 0.5 * (static_cast<double>(above) + static_cast<double>(below));
}

// Tries every threshold of class k, from "none is positive" downwards; keeps the best and leaves
// the objective there. Returns whether it rose.
bool ImproveClass(Objective& objective, std::size_t k, double& threshold) {
  constexpr double kLeastRise = 1e-9;
  std::vector<std::size_t> order(objective.recordings());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return objective.Probability(a, k) > objective.Probability(b, k);
  });
  double present = 0, none = 0;
  std::vector<double> rise(order.size());  // of making the recording positive
  for (std::size_t r = 0; r < order.size(); ++r) {
    const std::size_t i = order[r];
    const bool was = objective.Raw(i, k);
    objective.SetRaw(i, k, true);
    const double with = objective.Gain(i);
    objective.SetRaw(i, k, false);
    const double without = objective.Gain(i);
    objective.SetRaw(i, k, was);
    present += was ? with : without;
    none += without;
    rise[r] = with - without;
  }
  double best = present, value = none;
  std::size_t best_count = order.size() + 1;  // how many are positive; beyond the end: no move
  const auto consider = [&](std::size_t count) {
    const bool cuts_a_tie =
        count > 0 && count < order.size() &&
        objective.Probability(order[count - 1], k) == objective.Probability(order[count], k);
    if (!cuts_a_tie && value > best + kLeastRise) {
      best = value;
      best_count = count;
    }
  };
  consider(0);
  for (std::size_t r = 0; r < order.size(); ++r) {
    value += rise[r];
    consider(r + 1);
  }
  if (best_count > order.size()) return false;
  // Nothing is as likely as 2, nothing as unlikely as 0.
  const float above = best_count > 0 ? objective.Probability(order[best_count - 1], k) : 2.0F;
  const float below =
      best_count < order.size() ? objective.Probability(order[best_count], k) : 0.0F;
  threshold = Between(above, below);
  for (std::size_t r = 0; r < order.size(); ++r) objective.SetRaw(order[r], k, r < best_count);
  return true;
}

}  // namespace

std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes, double initial,
                                  const DecisionRule& rule, int max_rounds) {
  std::vector<double> thresholds(classes.size(), initial);
  Objective objective(labels, probabilities, classes, initial, rule);
  for (int round = 0; round < max_rounds; ++round) {
    bool rose = false;
    for (std::size_t k = 0; k < classes.size(); ++k) {
      if (ImproveClass(objective, k, thresholds[k])) rose = true;
    }
    if (!rose) break;
  }
  return thresholds;
}

}  // namespace ecg::score
