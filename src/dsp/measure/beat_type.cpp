#include "ecg/dsp/measure/beat_type.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "src/dsp/measure/rr.h"
#include "src/dsp/robust/beat_shape.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

using Lead = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::size_t kAround = 8;  // intervals on each side
constexpr std::size_t kLeastAround = 3;
constexpr double kEarly = 0.1;  // shares of the median interval
constexpr double kEarlyStep = 0.03;
constexpr double kUsually = 0.6;  // a quantile
constexpr double kNotShort = 0.9;

constexpr double kSpikeRate = 400;  // Hz
constexpr double kSpikeS = 0.004;
constexpr double kSpike = 1.6;
constexpr double kPacedShare = 0.2;
constexpr double kNoiseMv = 0.02;

double QrsSeconds(const Beat& beat, double fs) {
  if (beat.qrs.onset == kMissing || beat.qrs.offset == kMissing) return kNaN;
  return (beat.qrs.offset - beat.qrs.onset) / fs;
}

double Earliness(const std::vector<double>& intervals, std::size_t beat) {
  if (beat == 0) return kNaN;
  const std::size_t own = beat - 1;  // the interval before
  std::vector<double> around;
  for (std::size_t j = own - std::min(own, kAround);
       j < std::min(intervals.size(), own + kAround + 1); ++j) {
    if (j != own && j != own + 1) around.push_back(intervals[j]);
  }
  if (around.size() < kLeastAround) return kNaN;
  const double median = Median(around);
  if (own + 1 < intervals.size() && intervals[own + 1] < kNotShort * median) return kNaN;
  for (double& interval : around) interval = std::abs(interval - median);
  const double step = kEarlyStep + 2 * Quantile(std::move(around), kUsually) / median;
  return (1 - intervals[own] / median - kEarly) / step - 1;
}

// How much a lead bends around t.
double Bend(const Lead& lead, int t, int width) {
  if (t < width || t + width >= static_cast<int>(lead.size())) return 0;
  const auto at = [&](int i) { return lead[static_cast<std::size_t>(i)]; };
  const double bend = std::abs(at(t) - (at(t - width) + at(t + width)) / 2);
  return std::isfinite(bend) ? bend : 0;
}

double Spike(const std::vector<Lead>& leads, const Beat& beat, double fs) {
  if (fs < kSpikeRate || beat.qrs.onset == kMissing) return kNaN;
  const auto samples = [&](double seconds) { return static_cast<int>(std::lround(seconds * fs)); };
  const int width = samples(kSpikeS);
  const int begin = beat.qrs.onset - samples(0.06);
  // Before R itself, which bends like a spike where the complex is narrow.
  const int middle = std::min(beat.qrs.onset + samples(0.036), beat.qrs.peak - samples(0.014));
  const int end = std::max(middle, beat.qrs.peak + samples(0.08));
  double largest = 0;
  for (const Lead& lead : leads) {
    double spike = 0, complex = 0;
    for (int t = begin; t <= end; ++t) {
      double& part = t <= middle ? spike : complex;
      part = std::max(part, Bend(lead, t, width));
    }
    largest = std::max(largest, spike / (complex + kNoiseMv));
  }
  return largest - kSpike;
}

BeatType TypeOf(const BeatEvidence& evidence, bool paced) {
  if (paced && evidence.spike > 0) return BeatType::kPaced;
  if (evidence.ventricular > 0) return BeatType::kVentricular;
  return evidence.early > 0 ? BeatType::kAtrialPremature : BeatType::kNormal;
}

}  // namespace

TypedBeats TypeBeats(const std::vector<Lead>& leads, const std::vector<Beat>& beats, double fs) {
  TypedBeats typed;
  const std::vector<double> intervals = RrIntervals(beats, fs);
  std::vector<int> marks;
  for (const Beat& beat : beats) marks.push_back(beat.qrs.peak);
  const std::vector<double> likeness = LikenessToUsual(leads, marks, fs);
  for (std::size_t b = 0; b < beats.size(); ++b) {
    BeatEvidence& evidence = typed.evidence.emplace_back();
    evidence.ventricular = VentricularEvidence(likeness[b], QrsSeconds(beats[b], fs));
    evidence.early = likeness[b] >= kLeastAlike ? Earliness(intervals, b) : kNaN;
    evidence.spike = Spike(leads, beats[b], fs);
  }
  const auto spikes = std::count_if(typed.evidence.begin(), typed.evidence.end(),
                                    [](const BeatEvidence& beat) { return beat.spike > 0; });
  const bool paced = static_cast<double>(spikes) > kPacedShare * static_cast<double>(beats.size());
  for (const BeatEvidence& evidence : typed.evidence) {
    typed.types.push_back(TypeOf(evidence, paced));
  }
  return typed;
}

}  // namespace ecg::dsp
