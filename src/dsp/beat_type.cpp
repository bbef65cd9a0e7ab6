#include "ecg/dsp/beat_type.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "src/dsp/median.h"
#include "src/dsp/robust.h"

namespace ecg::dsp {
namespace {

using Lead = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::size_t kBlock = 200;  // beats that share a usual shape
constexpr std::size_t kAsked = 24;   // of a block, that are compared with each other

// A shape is cut out around R, from all leads, in steps of about 10 ms.
constexpr double kStepS = 0.01;
constexpr int kStepsBefore = 9;
constexpr int kStepsAfter = 13;
constexpr int kShifts = 3;  // that two shapes may lie apart
constexpr double kAlike = 0.9;

constexpr double kLeastAlike = 0.8;  // of a usual beat
constexpr double kAlikeStep = 0.2;
constexpr double kBroadS = 0.105;
constexpr double kBroadStepS = 0.02;

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

// [leads][steps], without the line between its ends.
using Shape = std::vector<double>;
constexpr int kSteps = kStepsBefore + kStepsAfter + 1;

Shape CutOut(const std::vector<Lead>& leads, int r, double fs) {
  const double step = std::max(1.0, kStepS * fs);
  Shape shape;
  for (const Lead& lead : leads) {
    const int last = static_cast<int>(lead.size()) - 1;
    const auto mean = [&](int k) {
      const int first = r + static_cast<int>(std::floor((k - 0.5) * step + 0.5));
      const int end = std::max(first + 1, r + static_cast<int>(std::floor((k + 0.5) * step + 0.5)));
      double sum = 0;
      for (int t = first; t < end; ++t)
        sum += lead[static_cast<std::size_t>(std::clamp(t, 0, last))];
      return sum / (end - first);
    };
    const double begin = mean(-kStepsBefore), slope = (mean(kStepsAfter) - begin) / (kSteps - 1);
    for (int k = 0; k < kSteps; ++k) {
      const double value = mean(k - kStepsBefore) - begin - slope * k;
      shape.push_back(std::isfinite(value) ? value : 0);
    }
  }
  return shape;
}

double Correlation(const Shape& a, const Shape& b, int shift) {
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t lead = 0; lead < a.size(); lead += kSteps) {
    for (int k = std::max(0, shift); k < std::min(kSteps, kSteps + shift); ++k) {
      const double x = a[lead + static_cast<std::size_t>(k)];
      const double y = b[lead + static_cast<std::size_t>(k - shift)];
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double Likeness(const Shape& a, const Shape& b) {
  double best = -1;
  for (int shift = -kShifts; shift <= kShifts; ++shift) {
    best = std::max(best, Correlation(a, b, shift));
  }
  return best;
}

// The mean of those that are like the one which most are like: without shifts, as marks of one
// shape lie alike and shifts would cost seven times as much.
Shape UsualShape(const std::vector<Shape>& shapes) {
  std::vector<std::size_t> asked;
  const std::size_t count = std::min(kAsked, shapes.size());
  for (std::size_t i = 0; i < count; ++i) asked.push_back(i * shapes.size() / count);
  std::size_t most = 0, middle = asked.front();
  for (const std::size_t i : asked) {
    const auto alike =
        static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [&](std::size_t j) {
          return Correlation(shapes[i], shapes[j], 0) > kAlike;
        }));
    if (alike > most) {
      most = alike;
      middle = i;
    }
  }
  Shape sum(shapes[middle].size(), 0);
  for (const std::size_t j : asked) {
    if (Correlation(shapes[middle], shapes[j], 0) <= kAlike) continue;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += shapes[j][k];
  }
  return sum;
}

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
  const double step = kEarlyStep + 2 * robust::Quantile(std::move(around), kUsually) / median;
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
  const int begin = beat.qrs.onset - samples(0.06), middle = beat.qrs.onset + samples(0.03);
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
  std::vector<double> intervals;
  for (std::size_t b = 1; b < beats.size(); ++b) {
    intervals.push_back((beats[b].qrs.peak - beats[b - 1].qrs.peak) / fs);
  }
  std::vector<Shape> shapes;
  for (std::size_t begin = 0; begin < beats.size(); begin += kBlock) {
    const std::size_t end = std::min(beats.size(), begin + kBlock);
    shapes.clear();
    for (std::size_t b = begin; b < end; ++b) {
      shapes.push_back(CutOut(leads, beats[b].qrs.peak, fs));
    }
    const Shape usual = UsualShape(shapes);
    for (std::size_t b = begin; b < end; ++b) {
      const double unlike = kLeastAlike - Likeness(shapes[b - begin], usual);
      BeatEvidence& evidence = typed.evidence.emplace_back();
      evidence.ventricular =
          std::min(unlike / kAlikeStep, (QrsSeconds(beats[b], fs) - kBroadS) / kBroadStepS);
      evidence.early = unlike <= 0 ? Earliness(intervals, b) : kNaN;
      evidence.spike = Spike(leads, beats[b], fs);
    }
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
