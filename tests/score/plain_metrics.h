// The slow version of the metrics: the definitions read word by word, with every threshold walked
// and every recording looked at again for each of them. What the fast version is compared with.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/random.h"
#include "ecg/score/metrics.h"

namespace ecg::test {

using Matrix = std::vector<std::vector<double>>;

struct PlainOutcomes {
  std::vector<std::vector<bool>> labels, outputs;  // [recordings][classes]
  Matrix scores;
};

inline PlainOutcomes ToPlain(const score::Outcomes& outcomes) {
  PlainOutcomes plain;
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    plain.labels.emplace_back();
    plain.outputs.emplace_back();
    plain.scores.emplace_back();
    for (std::size_t k = 0; k < outcomes.classes; ++k) {
      const std::size_t cell = i * outcomes.classes + k;
      plain.labels[i].push_back(outcomes.labels[cell] != 0);
      plain.outputs[i].push_back(outcomes.decisions[cell] != 0);
      plain.scores[i].push_back(std::isnan(outcomes.scores[cell]) ? 0 : outcomes.scores[cell]);
    }
  }
  return plain;
}

inline double PlainNanMean(const std::vector<double>& values) {
  double sum = 0;
  int count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

inline void PlainAreas(const PlainOutcomes& plain, std::size_t k, double& auroc, double& auprc) {
  std::vector<double> thresholds;
  for (const std::vector<double>& row : plain.scores) thresholds.push_back(row[k]);
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  thresholds.push_back(thresholds.back() + 1);
  std::reverse(thresholds.begin(), thresholds.end());

  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> tpr, tnr, ppv;
  for (std::size_t j = 0; j < thresholds.size(); ++j) {
    double tp = 0, fp = 0, fn = 0, tn = 0;
    for (std::size_t i = 0; i < plain.labels.size(); ++i) {
      const bool predicted = j > 0 && plain.scores[i][k] >= thresholds[j];
      const bool label = plain.labels[i][k];
      (label ? (predicted ? tp : fn) : (predicted ? fp : tn)) += 1;
    }
    tpr.push_back(tp + fn > 0 ? tp / (tp + fn) : nan);
    tnr.push_back(fp + tn > 0 ? tn / (fp + tn) : nan);
    ppv.push_back(tp + fp > 0 ? tp / (tp + fp) : nan);
  }
  auroc = auprc = 0;
  for (std::size_t j = 0; j + 1 < thresholds.size(); ++j) {
    auroc += 0.5 * (tpr[j + 1] - tpr[j]) * (tnr[j + 1] + tnr[j]);
    auprc += (tpr[j + 1] - tpr[j]) * ppv[j + 1];
  }
}

inline double PlainRewardSum(const std::vector<std::vector<bool>>& labels,
                             const std::vector<std::vector<bool>>& outputs,
                             const challenge::ClassSet& classes) {
  const std::size_t size = classes.size();
  Matrix a(size, std::vector<double>(size, 0.0));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    double n = 0;
    for (std::size_t k = 0; k < size; ++k) n += labels[i][k] || outputs[i][k] ? 1 : 0;
    n = std::max(n, 1.0);
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < size; ++k) {
        if (labels[i][j] && outputs[i][k]) a[j][k] += 1 / n;
      }
    }
  }
  double sum = 0;
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t k = 0; k < size; ++k) sum += classes.Reward(j, k) * a[j][k];
  }
  return sum;
}

inline double PlainChallengeMetric(const PlainOutcomes& plain, const challenge::ClassSet& classes) {
  std::vector<bool> only_normal(classes.size(), false);
  only_normal[*classes.normal_index()] = true;
  const std::vector<std::vector<bool>> inactive_outputs(plain.labels.size(), only_normal);
  const double observed = PlainRewardSum(plain.labels, plain.outputs, classes);
  const double correct = PlainRewardSum(plain.labels, plain.labels, classes);
  const double inactive = PlainRewardSum(plain.labels, inactive_outputs, classes);
  return correct != inactive ? (observed - inactive) / (correct - inactive) : 0.0;
}

inline score::Metrics PlainEvaluate(const score::Outcomes& outcomes,
                                    const challenge::ClassSet& classes) {
  const PlainOutcomes plain = ToPlain(outcomes);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  score::Metrics metrics;
  std::vector<double> auroc, auprc, f, f_beta, g_beta;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    score::ClassMetrics of;
    PlainAreas(plain, k, of.auroc, of.auprc);
    double tp = 0, fp = 0, fn = 0;     // counts
    double wtp = 0, wfp = 0, wfn = 0;  // 2020: divided by the number of labels
    for (std::size_t i = 0; i < plain.labels.size(); ++i) {
      const double labels =
          static_cast<double>(std::count(plain.labels[i].begin(), plain.labels[i].end(), true));
      const double weight = 1 / std::max(labels, 1.0);
      const bool label = plain.labels[i][k], output = plain.outputs[i][k];
      if (label && output) tp += 1, wtp += weight;
      if (!label && output) fp += 1, wfp += weight;
      if (label && !output) fn += 1, wfn += weight;
    }
    of.f_measure = 2 * tp + fp + fn > 0 ? 2 * tp / (2 * tp + fp + fn) : nan;
    const double b = 2;
    const double f_divisor = (1 + b * b) * wtp + wfp + b * b * wfn;
    const double g_divisor = wtp + wfp + b * wfn;
    of.f_beta = f_divisor > 0 ? (1 + b * b) * wtp / f_divisor : nan;
    of.g_beta = g_divisor > 0 ? wtp / g_divisor : nan;
    of.true_positives = static_cast<std::uint64_t>(tp);
    of.false_positives = static_cast<std::uint64_t>(fp);
    of.false_negatives = static_cast<std::uint64_t>(fn);
    of.true_negatives = plain.labels.size() - static_cast<std::uint64_t>(tp + fp + fn);
    auroc.push_back(of.auroc);
    auprc.push_back(of.auprc);
    f.push_back(of.f_measure);
    f_beta.push_back(of.f_beta);
    g_beta.push_back(of.g_beta);
    metrics.per_class.push_back(of);
  }
  double right = 0;
  for (std::size_t i = 0; i < plain.labels.size(); ++i) {
    right += plain.labels[i] == plain.outputs[i] ? 1 : 0;
  }
  metrics.recordings = plain.labels.size();
  metrics.accuracy = right / static_cast<double>(plain.labels.size());
  metrics.auroc = PlainNanMean(auroc);
  metrics.auprc = PlainNanMean(auprc);
  metrics.f_measure = PlainNanMean(f);
  metrics.f_beta = PlainNanMean(f_beta);
  metrics.g_beta = PlainNanMean(g_beta);
  metrics.challenge = PlainChallengeMetric(plain, classes);
  return metrics;
}

// What random outcomes look like.
struct RandomKind {
  double label_rate = 0.08;
  double decision_rate = 0.1;
  int levels = 0;               // scores take so many values; 0 = as many as there are doubles
  double nan_rate = 0;          // of scores
  double empty_class_rate = 0;  // of classes: no label (half of these: no decision either)
  double full_class_rate = 0;   // of classes: every recording has the label
};

inline score::Outcomes RandomOutcomes(std::size_t recordings, std::size_t classes,
                                      const RandomKind& kind, std::uint64_t seed) {
  Rng rng({seed, recordings, classes});
  score::Outcomes outcomes;
  outcomes.recordings = recordings;
  outcomes.classes = classes;
  std::vector<double> label_rates, decision_rates;
  for (std::size_t k = 0; k < classes; ++k) {
    const bool empty = rng.Chance(kind.empty_class_rate), full = rng.Chance(kind.full_class_rate);
    label_rates.push_back(empty ? 0 : full ? 1 : kind.label_rate);
    decision_rates.push_back(empty && rng.Chance(0.5) ? 0 : kind.decision_rate);
  }
  for (std::size_t i = 0; i < recordings; ++i) {
    for (std::size_t k = 0; k < classes; ++k) {
      const bool label = rng.Chance(label_rates[k]);
      double score = 0.7 * rng.Uniform() + (label ? 0.3 * rng.Uniform() : 0);
      if (kind.levels > 0) score = std::floor(score * kind.levels) / kind.levels;
      if (rng.Chance(kind.nan_rate)) score = std::numeric_limits<double>::quiet_NaN();
      outcomes.labels.push_back(label ? 1 : 0);
      outcomes.decisions.push_back(rng.Chance(label ? 0.5 : decision_rates[k]) ? 1 : 0);
      outcomes.scores.push_back(score);
    }
  }
  return outcomes;
}

}  // namespace ecg::test
