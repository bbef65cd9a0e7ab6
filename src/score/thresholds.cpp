#include "ecg/score/thresholds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ecg/core/result.h"
#include "ecg/score/incremental.h"
#include "ecg/score/logit_map.h"
#include "ecg/score/metrics.h"

namespace ecg::score {
namespace {

// What a threshold costs that has gone from where it started.
class Pull {
 public:
  Pull(const ThresholdStart& start, std::size_t k)
      : pull_(start.pull), start_(start.thresholds[k]) {}

  double Cost(double threshold) const {
    if (pull_ == 0) return 0;
    const double way = score::Logit(threshold) - score::Logit(start_);
    return pull_ * way * way;
  }

  // Between two neighbouring probabilities, so that no decision depends on the last bit of one:
  // half-way, or, where there is a pull, as near to the start as the middle half of the gap allows.
  double Between(double below, double above) const {
    if (pull_ == 0) return 0.5 * (below + above);
    const double low = score::Logit(below), high = score::Logit(std::min(above, 1.0));
    const double quarter = (high - low) / 4;
    const double start = score::Logit(start_);
    if (start >= low + quarter && start <= high - quarter) return start_;
    return score::Sigmoid(start < low + quarter ? low + quarter : high - quarter);
  }

 private:
  double pull_;
  double start_;
};

// The recordings by falling probability of a class, and the thresholds between them.
class Ranked {
 public:
  Ranked(const std::vector<float>& probabilities, std::size_t classes, std::size_t k)
      : probabilities_(probabilities), classes_(classes), k_(k) {
    order_.resize(probabilities.size() / classes);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return Of(a) > Of(b); });
  }

  const std::vector<std::size_t>& order() const { return order_; }
  // Whether a threshold lies below the first `count` and above the others: none separates equal
  // probabilities.
  bool Separates(std::size_t count) const { return Above(count) > Below(count); }
  double Between(std::size_t count, const Pull& pull) const {
    return pull.Between(static_cast<double>(Below(count)), static_cast<double>(Above(count)));
  }

 private:
  float Of(std::size_t i) const { return probabilities_[i * classes_ + k_]; }
  // Nothing is as likely as 2, nothing as unlikely as 0.
  float Above(std::size_t count) const { return count > 0 ? Of(order_[count - 1]) : 2.0F; }
  float Below(std::size_t count) const { return count < order_.size() ? Of(order_[count]) : 0.0F; }

  const std::vector<float>& probabilities_;
  const std::size_t classes_, k_;
  std::vector<std::size_t> order_;
};

// The challenge metric of decisions that follow from probabilities by thresholds and a rule.
class Decider {
 public:
  Decider(const std::vector<std::uint8_t>& labels, const std::vector<float>& probabilities,
          const challenge::ClassSet& classes, const std::vector<double>& thresholds,
          const DecisionRule& rule)
      : probabilities_(probabilities),
        classes_(classes.size()),
        rule_(rule),
        raw_(probabilities.size()),
        decided_(classes.size()),
        metric_(labels, std::vector<std::uint8_t>(labels.size()), classes) {
    for (std::size_t cell = 0; cell < raw_.size(); ++cell) {
      raw_[cell] = static_cast<double>(probabilities_[cell]) >= thresholds[cell % classes_] ? 1 : 0;
    }
    for (std::size_t i = 0; i < recordings(); ++i) Update(i);
  }

  std::size_t recordings() const { return probabilities_.size() / classes_; }
  float Probability(std::size_t i, std::size_t k) const { return probabilities_[i * classes_ + k]; }
  Ranked Rank(std::size_t k) const { return {probabilities_, classes_, k}; }
  double Metric() const { return metric_.Value(); }

  // Whether class k's probability is beyond the threshold in recording i.
  void Set(std::size_t i, std::size_t k, bool beyond) {
    std::uint8_t& cell = raw_[i * classes_ + k];
    if ((cell != 0) == beyond) return;
    cell = beyond ? 1 : 0;
    Update(i);
  }

 private:
  void Update(std::size_t i) {
    std::copy_n(raw_.data() + i * classes_, classes_, decided_.data());
    rule_(i, decided_.data());
    for (std::size_t k = 0; k < classes_; ++k) metric_.SetDecision(i, k, decided_[k] != 0);
  }

  const std::vector<float>& probabilities_;
  const std::size_t classes_;
  const DecisionRule& rule_;
  std::vector<std::uint8_t> raw_;      // [recordings][classes]: before the rule
  std::vector<std::uint8_t> decided_;  // one recording's, after it
  IncrementalChallengeMetric metric_;
};

// Tries every threshold of class k, from "none is positive" downwards, and keeps the best.
// Returns whether the metric, less what the threshold costs, rose.
bool ImproveClass(Decider& decider, std::size_t k, const Pull& pull, double& threshold) {
  constexpr double kLeastRise = 1e-9;  // above the incremental metric's rounding
  const Ranked ranked = decider.Rank(k);
  const std::vector<std::size_t>& order = ranked.order();
  const auto positive = [&](std::size_t i) {
    return static_cast<double>(decider.Probability(i, k)) >= threshold;
  };
  const auto present =
      static_cast<std::size_t>(std::count_if(order.begin(), order.end(), positive));

  const double start = decider.Metric() - pull.Cost(threshold);
  double best = start;
  std::size_t best_count = present;
  for (const std::size_t i : order) decider.Set(i, k, false);
  for (std::size_t count = 0; count <= order.size(); ++count) {
    if (count > 0) decider.Set(order[count - 1], k, true);
    if (!ranked.Separates(count)) continue;
    const double value = decider.Metric() - pull.Cost(ranked.Between(count, pull));
    if (value > best + kLeastRise) {
      best = value;
      best_count = count;
    }
  }
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    decider.Set(order[rank], k, rank < best_count);
  }
  if (best_count == present) return false;
  threshold = ranked.Between(best_count, pull);
  return best > start;
}

// The highest F-measure of every class. The evaluator gives the lowest score that should count; as
// above, the threshold lies half-way to the next one below it.
std::vector<double> FitByFMeasure(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes,
                                  const std::vector<double>& start) {
  Outcomes outcomes;
  outcomes.classes = classes.size();
  outcomes.recordings = labels.size() / classes.size();
  outcomes.labels = labels;
  outcomes.scores.assign(probabilities.begin(), probabilities.end());
  for (std::size_t cell = 0; cell < outcomes.scores.size(); ++cell) {
    outcomes.decisions.push_back(outcomes.scores[cell] >= start[cell % classes.size()] ? 1 : 0);
  }
  const Metrics metrics = Evaluate(outcomes, classes);
  std::vector<double> thresholds = start;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const ClassMetrics& of = metrics.per_class[k];
    if (!(of.best_f_measure > of.f_measure)) continue;  // nor is NaN, of a class without a label
    double below = 0;
    for (std::size_t cell = k; cell < outcomes.scores.size(); cell += classes.size()) {
      const double score = outcomes.scores[cell];
      if (score < of.best_threshold) below = std::max(below, score);
    }
    thresholds[k] = 0.5 * (of.best_threshold + below);
  }
  return thresholds;
}

// The same for one class, where a pull holds the threshold. The figure that it is weighed against
// is the mean of all classes, of which this one's F-measure is a part.
double FitPulled(const std::vector<std::uint8_t>& labels, const std::vector<float>& probabilities,
                 std::size_t classes, std::size_t k, const ThresholdStart& start) {
  const double own = start.thresholds[k];
  const Pull pull({start.thresholds, start.pull * static_cast<double>(classes), {}}, k);
  const Ranked ranked(probabilities, classes, k);
  const std::vector<std::size_t>& order = ranked.order();
  std::size_t positives = 0, present = 0, found = 0;
  for (const std::size_t i : order) {
    positives += labels[i * classes + k];
    present += static_cast<double>(probabilities[i * classes + k]) >= own ? 1 : 0;
  }
  if (positives == 0) return own;
  double best = -1, threshold = own;
  const auto consider = [&](std::size_t count, double at) {
    const double value =
        2 * static_cast<double>(found) / static_cast<double>(count + positives) - pull.Cost(at);
    if (value > best) {
      best = value;
      threshold = at;
    }
  };
  for (std::size_t count = 0; count <= order.size(); ++count) {
    if (count > 0) found += labels[order[count - 1] * classes + k];
    // Staying costs nothing.
    if (count == present) consider(count, own);
    if (ranked.Separates(count)) consider(count, ranked.Between(count, pull));
  }
  return threshold;
}

void Check(const std::vector<std::uint8_t>& labels, const std::vector<float>& probabilities,
           const challenge::ClassSet& classes, const ThresholdStart& start) {
  if (labels.size() != probabilities.size() || labels.size() % classes.size() != 0 ||
      start.thresholds.size() != classes.size() ||
      (!start.held.empty() && start.held.size() != classes.size())) {
    throw Exception({ErrorKind::kInternal,
                     "labels, probabilities and thresholds of different sizes",
                     {},
                     0,
                     {}});
  }
  for (std::size_t cell = 0; cell < probabilities.size(); ++cell) {
    if (std::isfinite(probabilities[cell])) continue;
    throw Exception({ErrorKind::kInternal,
                     "thresholds of a probability that is not finite",
                     {},
                     0,
                     classes[cell % classes.size()].abbreviation});
  }
}

}  // namespace

std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes, const ThresholdStart& start,
                                  const DecisionRule& rule, int max_rounds) {
  Check(labels, probabilities, classes, start);
  std::vector<double> thresholds = start.thresholds;
  if (!classes.HasChallengeMetric()) {
    std::vector<double> fitted;
    if (start.pull == 0) fitted = FitByFMeasure(labels, probabilities, classes, thresholds);
    for (std::size_t k = 0; k < thresholds.size(); ++k) {
      if (!start.held.empty() && start.held[k] != 0) continue;
      thresholds[k] =
          start.pull == 0 ? fitted[k] : FitPulled(labels, probabilities, classes.size(), k, start);
    }
    return thresholds;
  }
  Decider decider(labels, probabilities, classes, thresholds, rule);
  for (int round = 0; round < max_rounds; ++round) {
    bool rose = false;
    for (std::size_t k = 0; k < classes.size(); ++k) {
      if (!start.held.empty() && start.held[k] != 0) continue;
      if (ImproveClass(decider, k, Pull(start, k), thresholds[k])) rose = true;
    }
    if (!rose) break;
  }
  return thresholds;
}

}  // namespace ecg::score
