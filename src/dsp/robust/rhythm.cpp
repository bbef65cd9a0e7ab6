#include "src/dsp/robust/rhythm.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "src/dsp/statistics.h"

namespace ecg::dsp::robust {
namespace {

constexpr double kDefaultRrS = 0.8;     // of a record with a single beat
constexpr std::size_t kFewChanges = 3;  // of intervals, that say nothing
constexpr double kNormalRrMin = 0.8;    // of the median: earlier beats are ectopic
constexpr double kNormalRrMax = 1.3;

}  // namespace

Rhythm FindRhythm(const std::vector<Complex>& complexes, const std::vector<bool>& ventricular,
                  double fs) {
  Rhythm rhythm;
  rhythm.median = kDefaultRrS;
  std::vector<double> changes, all;
  for (std::size_t i = 1; i < complexes.size(); ++i) {
    rhythm.rr.push_back((complexes[i].reference - complexes[i - 1].reference) / fs);
    if (i == 1) continue;
    all.push_back(std::abs(rhythm.rr[i - 1] - rhythm.rr[i - 2]));
    if (ventricular[i - 2] || ventricular[i - 1] || ventricular[i]) continue;
    changes.push_back(all.back());
  }
  if (changes.size() < kFewChanges) changes = std::move(all);
  if (!rhythm.rr.empty()) rhythm.median = Quantile(rhythm.rr, 0.5);
  if (!changes.empty()) rhythm.irregularity = Quantile(std::move(changes), 0.5) / rhythm.median;
  return rhythm;
}

std::vector<bool> NormalBeats(const Rhythm& rhythm, const std::vector<bool>& ventricular) {
  const std::size_t count = ventricular.size();
  std::vector<bool> normal(count);
  std::size_t total = 0;
  for (std::size_t b = 0; b < count; ++b) {
    const double before = b > 0 ? rhythm.rr[b - 1] : rhythm.median;
    normal[b] = before > kNormalRrMin * rhythm.median && before < kNormalRrMax * rhythm.median &&
                !ventricular[b];
    total += normal[b];
  }
  if (total < 3 || total * 2 < count) normal.assign(count, true);
  return normal;
}

}  // namespace ecg::dsp::robust
