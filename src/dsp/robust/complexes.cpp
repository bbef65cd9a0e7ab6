#include "src/dsp/robust/complexes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/dsp/filter.h"
#include "src/core/simd.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/beat_shape.h"

namespace ecg::dsp::robust {
namespace {

// The bounds.
constexpr double kReferenceS = 0.07;  // the reference lies this near to the middle
constexpr double kReferenceBendS = 0.05;
constexpr double kNegativeShare = 0.7;  // of a bend downwards, against one upwards
constexpr double kSlopeS = 0.008;
constexpr double kSlopeAverageS = 0.03;
constexpr double kSlopeMaxS = 0.08;
constexpr double kBoundShare = 0.12;  // of the steepest slope
constexpr double kBoundQuietS = 0.016;
constexpr double kMaxBeforeS = 0.13;
constexpr double kMaxAfterS = 0.15;

// The core.
constexpr double kCoreShare = 0.3;  // of the steepest slope: reached only inside the core
constexpr double kCoreBeforeS = 0.1;
constexpr double kCoreAfterS = 0.15;

constexpr double kComplexMarginS = 0.01;  // of what is cut out

// The steepest bend of all leads together near the middle of a complex.
int Reference(const std::vector<Signal>& leads, int middle, double fs) {
  const int n = static_cast<int>(leads[0].size());
  const int bend = Samples(kReferenceBendS, fs), reach = Samples(kReferenceS, fs);
  int best = middle;
  double best_energy = -1;
  for (int i = std::max(0, middle - reach); i <= std::min(n - 1, middle + reach); ++i) {
    double energy = 0;
    for (const Signal& x : leads) {
      const double before = x[static_cast<std::size_t>(std::max(0, i - bend))];
      const double after = x[static_cast<std::size_t>(std::min(n - 1, i + bend))];
      const double v = x[static_cast<std::size_t>(i)] - 0.5 * (before + after);
      energy += (v > 0 ? 1 : kNegativeShare) * v * v;
    }
    if (energy > best_energy) {
      best_energy = energy;
      best = i;
    }
  }
  return best;
}

// x double [count + 2 * gap].
ECG_VECTOR_CLONES void AddSquaredSteps(const double* x, std::size_t count, std::size_t gap,
                                       double* sum) {
  for (std::size_t i = 0; i < count; ++i) {
    const double v = x[i + 2 * gap] - x[i];
    sum[i] += v * v;
  }
}

// The slope of all leads together.
Signal Slope(const std::vector<Signal>& leads, double fs) {
  const int gap = Samples(kSlopeS, fs), n = static_cast<int>(leads[0].size());
  Signal squared(leads[0].size(), 0.0);
  const int begin = std::min(n, gap), end = std::max(begin, n - gap);
  for (const Signal& x : leads) {
    const auto at_edge = [&](int i) {
      const double v = At(x, std::min(n - 1, i + gap)) - At(x, std::max(0, i - gap));
      At(squared, i) += v * v;
    };
    for (int i = 0; i < begin; ++i) at_edge(i);
    AddSquaredSteps(x.data(), static_cast<std::size_t>(end - begin), static_cast<std::size_t>(gap),
                    squared.data() + begin);
    for (int i = end; i < n; ++i) at_edge(i);
  }
  Signal slope = CentredMovingAverage(squared, Samples(kSlopeAverageS, fs));
  TakeRoots(&slope);
  return slope;
}

// From the reference in steps of `step` to the last sample before a quiet stretch, not beyond
// `limit`.
int Bound(const Signal& slope, int reference, int step, int limit, double threshold, int quiet) {
  int i = reference, run = 0;
  while (i != limit) {
    run = slope[static_cast<std::size_t>(i)] < threshold ? run + 1 : 0;
    if (run > quiet) return i - step * quiet;
    i += step;
  }
  return i;
}

// From the outermost sample on one side of the reference that is steeper than `steep` down to
// where the slope is below `threshold` or rises again, not beyond `limit`.
int CoreBound(const Signal& slope, int reference, int step, int limit, double steep,
              double threshold) {
  const auto at = [&slope](int i) { return slope[static_cast<std::size_t>(i)]; };
  int bound = reference;
  for (int i = reference; i != limit; i += step) {
    if (at(i) > steep) bound = i;
  }
  while (bound != limit && at(bound) >= threshold &&
         (at(bound) >= steep || at(bound + step) <= at(bound))) {
    bound += step;
  }
  return bound;
}

}  // namespace

std::vector<Complex> FindComplexes(const std::vector<Signal>& leads, const std::vector<int>& qrs,
                                   double fs) {
  std::vector<Complex> complexes;
  if (qrs.empty()) return complexes;
  const Signal slope = Slope(leads, fs);
  const int n = static_cast<int>(slope.size()), quiet = Samples(kBoundQuietS, fs);
  for (const int middle : qrs) {
    const int r = Reference(leads, middle, fs);
    // A complex begins after the one before has ended.
    const int earliest = complexes.empty() ? 0 : complexes.back().offset + 1;
    if (r < earliest) continue;
    const int reach = Samples(kSlopeMaxS, fs);
    const double steepest = *std::max_element(slope.begin() + std::max(0, r - reach),
                                              slope.begin() + std::min(n, r + reach + 1));
    const double threshold = kBoundShare * steepest, steep = kCoreShare * steepest;
    Complex c;
    c.reference = r;
    c.onset =
        Bound(slope, r, -1, std::max(earliest, r - Samples(kMaxBeforeS, fs)), threshold, quiet);
    c.offset = Bound(slope, r, 1, std::min(n - 1, r + Samples(kMaxAfterS, fs)), threshold, quiet);
    c.first =
        CoreBound(slope, r, -1, std::max(c.onset, r - Samples(kCoreBeforeS, fs)), steep, threshold);
    c.last =
        CoreBound(slope, r, 1, std::min(c.offset, r + Samples(kCoreAfterS, fs)), steep, threshold);
    complexes.push_back(c);
  }
  return complexes;
}

std::vector<bool> FindVentricular(const std::vector<Signal>& leads,
                                  const std::vector<Complex>& complexes, double fs) {
  std::vector<int> marks;
  for (const Complex& complex : complexes) marks.push_back(complex.reference);
  const std::vector<double> likeness = LikenessToUsual(leads, marks, fs);
  std::vector<bool> ventricular;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    const double width = (complexes[b].offset - complexes[b].onset) / fs;
    ventricular.push_back(VentricularEvidence(likeness[b], width) > 0);
  }
  return ventricular;
}

std::vector<Signal> WithoutComplexes(const std::vector<Signal>& leads,
                                     const std::vector<Complex>& complexes, double fs) {
  const int margin = Samples(kComplexMarginS, fs);
  std::vector<Signal> out = leads;
  for (Signal& x : out) {
    for (const Complex& c : complexes) {
      const int begin = std::max(0, c.onset - margin),
                end = std::min(Size(x) - 1, c.offset + margin);
      const double first = At(x, begin), last = At(x, end);
      const double step = (last - first) / std::max(1, end - begin);
      for (int i = begin; i <= end; ++i) At(x, i) = first + step * (i - begin);
    }
  }
  return out;
}

}  // namespace ecg::dsp::robust
