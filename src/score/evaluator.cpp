#include "ecg/score/evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/parallel.h"
#include "ecg/core/result.h"
#include "src/score/challenge_sums.h"
#include "src/score/pairwise_sum.h"

namespace ecg::score {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kBeta = 2;  // of the 2020 F-beta and G-beta measures

double Ratio(double numerator, double denominator) {
  return denominator != 0 ? numerator / denominator : kNan;
}

// std::lower_bound for many values: how many of the sorted ones are below each. Several searches go
// in step, without branches on the values: no processor could foresee those, but it can look up
// several places at a time.
std::vector<std::uint32_t> LowerBounds(const std::vector<double>& sorted, const double* values,
                                       std::size_t count) {
  constexpr std::size_t kInStep = 16;
  std::vector<std::uint32_t> below(count);
  for (std::size_t begin = 0; begin < count; begin += kInStep) {
    const std::size_t searches = std::min(kInStep, count - begin);
    std::uint32_t base[kInStep] = {};
    for (auto length = static_cast<std::uint32_t>(sorted.size()); length > 0;) {
      const std::uint32_t half = (length + 1) / 2;
      for (std::size_t j = 0; j < searches; ++j) {
        const bool beyond = sorted[base[j] + half - 1] < values[begin + j];
        base[j] += half & (0u - static_cast<std::uint32_t>(beyond));
      }
      length -= half;
    }
    std::copy_n(base, searches, &below[begin]);
  }
  return below;
}

// [classes][recordings], NaN as 0. In blocks of rows, so that every cache line is read once.
std::vector<double> Transposed(const Outcomes& outcomes) {
  constexpr std::size_t kBlock = 64;
  std::vector<double> columns(outcomes.scores.size());
  for (std::size_t begin = 0; begin < outcomes.recordings; begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, outcomes.recordings);
    for (std::size_t k = 0; k < outcomes.classes; ++k) {
      for (std::size_t i = begin; i < end; ++i) {
        const double score = outcomes.scores[i * outcomes.classes + k];
        columns[k * outcomes.recordings + i] = std::isnan(score) ? 0 : score;
      }
    }
  }
  return columns;
}

const Outcomes& Checked(const Outcomes& outcomes, const challenge::ClassSet& classes) {
  const std::size_t cells = outcomes.recordings * outcomes.classes;
  if (outcomes.classes != classes.size() || outcomes.labels.size() != cells ||
      outcomes.decisions.size() != cells || outcomes.scores.size() != cells) {
    throw Exception({ErrorKind::kInternal, "outcomes of inconsistent sizes", {}, 0, {}});
  }
  return outcomes;
}

}  // namespace

Evaluator::SetClasses::SetClasses(const std::vector<std::uint8_t>& matrix, std::size_t size) {
  begin.push_back(0);
  for (std::size_t row = 0; row < matrix.size(); row += size) {
    for (std::size_t k = 0; k < size; ++k) {
      if (matrix[row + k] != 0) classes.push_back(static_cast<std::uint16_t>(k));
    }
    begin.push_back(static_cast<std::uint32_t>(classes.size()));
  }
}

Evaluator::Evaluator(const Outcomes& outcomes, const challenge::ClassSet& classes, int threads)
    : classes_(classes),
      labels_(Checked(outcomes, classes).labels, classes.size()),
      decisions_(outcomes.decisions, classes.size()),
      is_label_(outcomes.labels),
      is_decision_(outcomes.decisions),
      rankings_(classes.size()) {
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    const std::uint8_t* label = &is_label_[i * classes.size()];
    const std::uint8_t* decision = &is_decision_[i * classes.size()];
    exactly_right_.push_back(std::equal(label, label + classes.size(), decision) ? 1 : 0);
  }
  const std::vector<double> columns = Transposed(outcomes);
  ParallelFor(classes.size(), threads, [&](std::size_t k) {
    rankings_[k] = Rank(columns.data() + k * outcomes.recordings, k);
  });
}

Evaluator::Ranking Evaluator::Rank(const double* scores, std::size_t k) const {
  const auto label = [&](std::size_t i) { return is_label_[i * classes_.size() + k] != 0; };
  Ranking ranking;
  std::vector<double>& thresholds = ranking.thresholds;
  for (std::size_t i = 0; i < recordings(); ++i) {
    if (label(i)) thresholds.push_back(scores[i]);
  }
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());

  ranking.place = LowerBounds(thresholds, scores, recordings());
  for (std::size_t i = 0; i < recordings(); ++i) {
    const std::uint32_t below = ranking.place[i];
    const bool tied = below < thresholds.size() && thresholds[below] == scores[i];
    const std::uint32_t slot = 2 * below + (tied ? 1 : 0);
    ranking.place[i] = 2 * slot + (label(i) ? 1 : 0);
  }
  return ranking;
}

void Evaluator::AddAreas(const std::vector<std::uint32_t>& counts, std::size_t k,
                         ClassMetrics& metrics) const {
  const Ranking& ranking = rankings_[k];
  const std::size_t slots = 2 * ranking.thresholds.size() + 1;
  std::vector<std::uint64_t> at_place(2 * slots);
  for (std::size_t i = 0; i < counts.size(); ++i) at_place[ranking.place[i]] += counts[i];
  std::uint64_t all_negatives = 0, all_positives = 0;
  for (std::size_t s = 0; s < slots; ++s) {
    all_negatives += at_place[2 * s];
    all_positives += at_place[2 * s + 1];
  }
  if (all_positives == 0) {
    metrics.auroc = metrics.auprc = metrics.best_threshold = metrics.best_f_measure = kNan;
    return;
  }
  const auto negatives = static_cast<double>(all_negatives);
  const auto positives = static_cast<double>(all_positives);
  std::uint64_t tp = 0, fp = 0;
  double last_tpr = 0;
  for (std::size_t s = slots; s-- > 0;) {
    const std::uint64_t last_fp = fp;
    fp += at_place[2 * s];
    tp += at_place[2 * s + 1];
    if (at_place[2 * s + 1] == 0) continue;
    const auto hits = static_cast<double>(tp);
    const double tpr = hits / positives;
    const double tnr = Ratio(static_cast<double>(all_negatives - fp), negatives);
    const double last_tnr = Ratio(static_cast<double>(all_negatives - last_fp), negatives);
    metrics.auroc += 0.5 * (tpr - last_tpr) * (tnr + last_tnr);
    metrics.auprc += (tpr - last_tpr) * (hits / static_cast<double>(tp + fp));
    last_tpr = tpr;
    const double f_measure = 2 * hits / static_cast<double>(tp + fp + all_positives);
    if (f_measure > metrics.best_f_measure) {
      metrics.best_f_measure = f_measure;
      metrics.best_threshold = ranking.thresholds[s / 2];
    }
  }
}

void Evaluator::AddCounts(const std::vector<std::uint32_t>& counts, Metrics& metrics) const {
  const std::size_t size = classes_.size();
  struct Shares {  // each recording weighted by 1 / max(1, its labels)
    double tp = 0, fp = 0, fn = 0;
  };
  std::vector<Shares> shares(size);
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    metrics.recordings += counts[i];
    right += exactly_right_[i] * std::uint64_t{counts[i]};
    const std::uint32_t number_of_labels = labels_.begin[i + 1] - labels_.begin[i];
    const double share = static_cast<double>(counts[i]) / std::max(number_of_labels, 1u);
    for (std::size_t at = decisions_.begin[i]; at < decisions_.begin[i + 1]; ++at) {
      const std::size_t k = decisions_.classes[at];
      const bool label = is_label_[i * size + k] != 0;
      ClassMetrics& counted = metrics.per_class[k];
      (label ? counted.true_positives : counted.false_positives) += counts[i];
      (label ? shares[k].tp : shares[k].fp) += share;
    }
    for (std::size_t at = labels_.begin[i]; at < labels_.begin[i + 1]; ++at) {
      const std::size_t k = labels_.classes[at];
      if (is_decision_[i * size + k] != 0) continue;
      metrics.per_class[k].false_negatives += counts[i];
      shares[k].fn += share;
    }
  }
  metrics.accuracy = Ratio(static_cast<double>(right), static_cast<double>(metrics.recordings));
  for (std::size_t k = 0; k < size; ++k) {
    ClassMetrics& of = metrics.per_class[k];
    const std::uint64_t errors = of.false_positives + of.false_negatives;
    of.true_negatives = metrics.recordings - of.true_positives - errors;
    of.f_measure = Ratio(static_cast<double>(2 * of.true_positives),
                         static_cast<double>(2 * of.true_positives + errors));
    const double beta2 = kBeta * kBeta;
    const Shares& share = shares[k];
    of.f_beta = Ratio((1 + beta2) * share.tp, (1 + beta2) * share.tp + share.fp + beta2 * share.fn);
    of.g_beta = Ratio(share.tp, share.tp + share.fp + kBeta * share.fn);
  }
}

void Evaluator::AddChallenge(const std::vector<std::uint32_t>& counts, Metrics& metrics) const {
  if (!classes_.HasChallengeMetric()) {
    metrics.challenge = kNan;
    return;
  }
  ChallengeSums sums(classes_);
  const auto list = [](const SetClasses& set, std::size_t i) {
    return ClassList{set.classes.data() + set.begin[i], set.classes.data() + set.begin[i + 1]};
  };
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) sums.Add(list(labels_, i), list(decisions_, i), counts[i]);
  }
  metrics.challenge = sums.Metric();
}

Metrics Evaluator::Evaluate() const {
  return Evaluate(std::vector<std::uint32_t>(recordings(), 1));
}

Metrics Evaluator::Evaluate(const std::vector<std::uint32_t>& counts) const {
  if (counts.size() != recordings()) {
    throw Exception({ErrorKind::kInternal, "one count a recording is needed", {}, 0, {}});
  }
  Metrics metrics;
  metrics.per_class.resize(classes_.size());
  AddCounts(counts, metrics);
  AddChallenge(counts, metrics);
  for (std::size_t k = 0; k < classes_.size(); ++k) AddAreas(counts, k, metrics.per_class[k]);
  const auto macro = [&](double ClassMetrics::*member) {
    std::vector<double> values;
    for (const ClassMetrics& of : metrics.per_class) values.push_back(of.*member);
    return NanMean(values);
  };
  metrics.auroc = macro(&ClassMetrics::auroc);
  metrics.auprc = macro(&ClassMetrics::auprc);
  metrics.f_measure = macro(&ClassMetrics::f_measure);
  metrics.f_beta = macro(&ClassMetrics::f_beta);
  metrics.g_beta = macro(&ClassMetrics::g_beta);
  return metrics;
}

}  // namespace ecg::score
