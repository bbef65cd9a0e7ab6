#include "src/dsp/robust/beat_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace ecg::dsp {
namespace {

using Lead = std::vector<double>;

constexpr std::size_t kBlock = 200;  // beats that share a usual shape
constexpr std::size_t kAsked = 24;   // of a block, that are compared with each other

// A shape is cut out around R, from all leads, in steps of about 10 ms.
constexpr double kStepS = 0.01;
constexpr int kStepsBefore = 9;
constexpr int kStepsAfter = 13;
constexpr int kShifts = 3;  // that two shapes may lie apart
constexpr double kAlike = 0.9;

constexpr double kAlikeStep = 0.2;
constexpr double kBroadS = 0.105;
constexpr double kBroadStepS = 0.02;

// [leads][steps], without the line between its ends.
using Shape = std::vector<double>;
constexpr int kSteps = kStepsBefore + kStepsAfter + 1;

// The samples from R that the steps take.
std::array<std::pair<int, int>, kSteps> StepsAt(double fs) {
  const double step = std::max(1.0, kStepS * fs);
  std::array<std::pair<int, int>, kSteps> steps;
  for (int k = 0; k < kSteps; ++k) {
    const int at = k - kStepsBefore, first = static_cast<int>(std::floor((at - 0.5) * step + 0.5));
    const int end = static_cast<int>(std::floor((at + 0.5) * step + 0.5));
    steps[static_cast<std::size_t>(k)] = {first, std::max(first + 1, end)};
  }
  return steps;
}

// The first and the last sample stand for those beyond.
double Mean(const Lead& lead, int first, int end) {
  const int last = static_cast<int>(lead.size()) - 1;
  double sum = 0;
  if (first >= 0 && end <= last + 1) {
    for (int t = first; t < end; ++t) sum += lead[static_cast<std::size_t>(t)];
  } else {
    for (int t = first; t < end; ++t) sum += lead[static_cast<std::size_t>(std::clamp(t, 0, last))];
  }
  return sum / (end - first);
}

Shape CutOut(const std::vector<Lead>& leads, int r,
             const std::array<std::pair<int, int>, kSteps>& steps) {
  Shape shape(leads.size() * kSteps, 0.0);
  double* out = shape.data();
  for (const Lead& lead : leads) {
    if (!lead.empty()) {
      for (std::size_t k = 0; k < kSteps; ++k) {
        out[k] = Mean(lead, r + steps[k].first, r + steps[k].second);
      }
      const double begin = out[0], slope = (out[kSteps - 1] - begin) / (kSteps - 1);
      for (int k = 0; k < kSteps; ++k) {
        const double value = out[k] - begin - slope * k;
        out[k] = std::isfinite(value) ? value : 0;
      }
    }
    out += kSteps;
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
  std::vector<int> alike(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      if (Correlation(shapes[asked[i]], shapes[asked[j]], 0) <= kAlike) continue;
      ++alike[i];
      if (j < i) ++alike[j];
    }
  }
  const std::size_t middle =
      asked[static_cast<std::size_t>(std::max_element(alike.begin(), alike.end()) - alike.begin())];
  Shape sum(shapes[middle].size(), 0);
  for (const std::size_t j : asked) {
    if (Correlation(shapes[middle], shapes[j], 0) <= kAlike) continue;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += shapes[j][k];
  }
  return sum;
}

}  // namespace

double VentricularEvidence(double likeness, double qrs_s) {
  return std::min((kLeastAlike - likeness) / kAlikeStep, (qrs_s - kBroadS) / kBroadStepS);
}

std::vector<double> LikenessToUsual(const std::vector<Lead>& leads, const std::vector<int>& marks,
                                    double fs) {
  std::vector<double> likeness;
  std::vector<Shape> shapes;
  const auto steps = StepsAt(fs);
  for (std::size_t begin = 0; begin < marks.size(); begin += kBlock) {
    const std::size_t end = std::min(marks.size(), begin + kBlock);
    shapes.clear();
    for (std::size_t b = begin; b < end; ++b) shapes.push_back(CutOut(leads, marks[b], steps));
    const Shape usual = UsualShape(shapes);
    for (const Shape& shape : shapes) likeness.push_back(Likeness(shape, usual));
  }
  return likeness;
}

}  // namespace ecg::dsp
