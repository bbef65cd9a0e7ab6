#include "ecg/score/wave_score.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "ecg/core/random.h"

namespace ecg::score {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kResamples = 1000;
constexpr double kConfidence = 0.95;

// [first, last] of the samples that somebody has looked at for this kind of wave.
std::pair<double, double> LookedAt(const dsp::Waves& reference, std::size_t kind,
                                   double tolerance) {
  double first = kNone, last = -kNone;
  for (std::size_t k = 0; k < dsp::kWaveTypes; ++k) {
    if (reference[k].empty()) continue;
    const double give = k == kind ? tolerance : 0;
    first = std::min(first, reference[k].front().peak - give);
    last = std::max(last, reference[k].back().peak + give);
  }
  return {first, last};
}

std::vector<std::int32_t> PeaksOf(const std::vector<dsp::Wave>& waves) {
  std::vector<std::int32_t> peaks;
  for (const dsp::Wave& wave : waves) peaks.push_back(wave.peak);
  return peaks;
}

void AddErrors(const dsp::Wave& reference, const dsp::Wave& detected, const MarkTolerances& allowed,
               double rate, WaveTally& tally) {
  const auto add = [&](int wanted, int found, double tolerance, MarkErrors& errors) {
    if (wanted == dsp::kMissing || found == dsp::kMissing) return;
    errors.Add((found - wanted) * 1000 / rate, tolerance);
  };
  add(reference.onset, detected.onset, allowed.onset, tally.onset);
  add(reference.peak, detected.peak, kNone, tally.peak);
  add(reference.offset, detected.offset, allowed.offset, tally.offset);
}

}  // namespace

double WaveToleranceSeconds(dsp::WaveType type) { return type == dsp::WaveType::kQrs ? 0.15 : 0.1; }

MarkTolerances CseTolerances(dsp::WaveType type) {
  switch (type) {
    case dsp::WaveType::kP:
      return {10.2, 12.7};
    case dsp::WaveType::kQrs:
      return {6.5, 11.6};
    case dsp::WaveType::kT:
      break;
  }
  return {kNone, 30.6};
}

void MarkErrors::Add(double error_ms, double tolerance_ms) {
  ++count;
  sum_ms += error_ms;
  sum_of_squares += error_ms * error_ms;
  if (std::abs(error_ms) <= tolerance_ms) ++within;
}

void MarkErrors::Add(const MarkErrors& other) {
  count += other.count;
  sum_ms += other.sum_ms;
  sum_of_squares += other.sum_of_squares;
  within += other.within;
}

double MarkErrors::Mean() const { return count > 0 ? sum_ms / static_cast<double>(count) : kNaN; }

double MarkErrors::StandardDeviation() const {
  if (count == 0) return kNaN;
  return std::sqrt(std::max(0.0, sum_of_squares / static_cast<double>(count) - Mean() * Mean()));
}

double MarkErrors::ShareWithin() const {
  return count > 0 ? static_cast<double>(within) / static_cast<double>(count) : kNaN;
}

void WaveTally::Add(const WaveTally& other) {
  peaks.matched += other.peaks.matched;
  peaks.reference += other.peaks.reference;
  peaks.detected += other.peaks.detected;
  onset.Add(other.onset);
  peak.Add(other.peak);
  offset.Add(other.offset);
}

WaveTallies CompareWaves(const dsp::Waves& reference, const dsp::Waves& detected, double rate) {
  WaveTallies tallies;
  for (std::size_t k = 0; k < dsp::kWaveTypes; ++k) {
    const auto type = static_cast<dsp::WaveType>(k);
    const double tolerance = WaveToleranceSeconds(type) * rate;
    const auto [first, last] = LookedAt(reference, k, tolerance);
    std::vector<dsp::Wave> found;
    for (const dsp::Wave& wave : detected[k]) {
      if (wave.peak >= first && wave.peak <= last) found.push_back(wave);
    }
    WaveTally& tally = tallies[k];
    tally.peaks.reference = reference[k].size();
    tally.peaks.detected = found.size();
    const auto matches = MatchNearest(PeaksOf(reference[k]), PeaksOf(found), tolerance);
    for (std::size_t i = 0; i < matches.size(); ++i) {
      if (!matches[i]) continue;
      ++tally.peaks.matched;
      AddErrors(reference[k][i], found[*matches[i]], CseTolerances(type), rate, tally);
    }
  }
  return tallies;
}

std::array<WaveFigures, dsp::kWaveTypes> SumUp(const std::vector<WaveTallies>& recordings) {
  std::array<WaveFigures, dsp::kWaveTypes> figures;
  for (std::size_t k = 0; k < dsp::kWaveTypes; ++k) {
    for (const WaveTallies& recording : recordings) figures[k].tally.Add(recording[k]);
    std::vector<double> sensitivity, predictivity;
    Rng rng({HashName("waves"), k});
    for (int i = 0; i < kResamples && !recordings.empty(); ++i) {
      PeakTally sum;
      for (std::size_t j = 0; j < recordings.size(); ++j) {
        const PeakTally& drawn = recordings[rng.Below(recordings.size())][k].peaks;
        sum.matched += drawn.matched;
        sum.reference += drawn.reference;
        sum.detected += drawn.detected;
      }
      sensitivity.push_back(sum.Sensitivity());
      predictivity.push_back(sum.PositivePredictivity());
    }
    const auto interval = [](const std::vector<double>& values) {
      return Interval{Quantile(values, (1 - kConfidence) / 2),
                      Quantile(values, (1 + kConfidence) / 2)};
    };
    figures[k].sensitivity = interval(sensitivity);
    figures[k].positive_predictivity = interval(predictivity);
  }
  return figures;
}

}  // namespace ecg::score
