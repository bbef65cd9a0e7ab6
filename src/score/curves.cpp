#include "ecg/score/curves.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ecg::score {
namespace {

struct Counts {
  std::uint64_t positives = 0;  // at or above a score
  std::uint64_t negatives = 0;
};

// After each distinct score, the highest first. NaN counts as 0.
std::vector<Counts> CountsOf(const Outcomes& outcomes, std::size_t k) {
  struct Entry {
    double score;
    std::uint8_t label;
  };
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    const double score = outcomes.scores[i * outcomes.classes + k];
    entries.push_back({std::isnan(score) ? 0 : score, outcomes.labels[i * outcomes.classes + k]});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.score > b.score; });
  std::vector<Counts> counts;
  Counts now;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    (entries[i].label != 0 ? now.positives : now.negatives) += 1;
    if (i + 1 == entries.size() || entries[i + 1].score != entries[i].score) counts.push_back(now);
  }
  return counts;
}

// Every n-th point, and the last one.
std::vector<CurvePoint> Thinned(const std::vector<CurvePoint>& all, std::size_t points) {
  if (all.size() <= points) return all;
  std::vector<CurvePoint> kept;
  for (std::size_t i = 0; i < points; ++i) kept.push_back(all[i * (all.size() - 1) / (points - 1)]);
  return kept;
}

}  // namespace

std::vector<CurvePoint> RocCurve(const Outcomes& outcomes, std::size_t k, std::size_t points) {
  const std::vector<Counts> counts = CountsOf(outcomes, k);
  if (counts.empty() || counts.back().positives == 0 || counts.back().negatives == 0) return {};
  std::vector<CurvePoint> curve = {{0, 0}};
  for (const Counts& at : counts) {
    curve.push_back(
        {static_cast<double>(at.negatives) / static_cast<double>(counts.back().negatives),
         static_cast<double>(at.positives) / static_cast<double>(counts.back().positives)});
  }
  return Thinned(curve, std::max<std::size_t>(points, 2));
}

std::vector<CurvePoint> PrecisionRecallCurve(const Outcomes& outcomes, std::size_t k,
                                             std::size_t points) {
  const std::vector<Counts> counts = CountsOf(outcomes, k);
  if (counts.empty() || counts.back().positives == 0) return {};
  std::vector<CurvePoint> curve;
  for (const Counts& at : counts) {
    const auto found = static_cast<double>(at.positives);
    curve.push_back({found / static_cast<double>(counts.back().positives),
                     found / static_cast<double>(at.positives + at.negatives)});
  }
  return Thinned(curve, std::max<std::size_t>(points, 2));
}

std::vector<std::vector<double>> ChallengeConfusion(const Outcomes& outcomes) {
  std::vector<std::vector<double>> shares(outcomes.classes,
                                          std::vector<double>(outcomes.classes, 0.0));
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    const std::uint8_t* labels = &outcomes.labels[i * outcomes.classes];
    const std::uint8_t* decisions = &outcomes.decisions[i * outcomes.classes];
    std::size_t either = 0;
    for (std::size_t k = 0; k < outcomes.classes; ++k) {
      either += labels[k] != 0 || decisions[k] != 0 ? 1 : 0;
    }
    const double share = 1 / static_cast<double>(std::max<std::size_t>(either, 1));
    for (std::size_t label = 0; label < outcomes.classes; ++label) {
      if (labels[label] == 0) continue;
      for (std::size_t output = 0; output < outcomes.classes; ++output) {
        if (decisions[output] != 0) shares[label][output] += share;
      }
    }
  }
  return shares;
}

}  // namespace ecg::score
