#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "ecg/dsp/filter.h"
#include "ecg/dsp/find_peaks.h"
#include "ecg/dsp/spline.h"
#include "src/dsp/neurokit/neurokit.h"

namespace ecg::dsp::neurokit {
namespace {

constexpr double kWindowBefore = 0.35;  // of the mean RR interval
constexpr double kWindowAfter = 0.65;
constexpr double kMinProminence = 0.05;  // of the segment's range

using Values = std::vector<double>;

double Range(const Values& x) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double v : x) {
    low = std::min(low, v);  // a NaN changes neither
    high = std::max(high, v);
  }
  return high - low;
}

// A peak that stands out by at least kMinProminence of the range: the first or the last such, or
// the most prominent of all. kMissing where there is none.
enum class Choice { kFirst, kLast, kMostProminent };
int ChoosePeak(const Values& x, Choice choice) {
  std::vector<int> peaks = LocalMaxima(x);
  if (choice == Choice::kLast) std::reverse(peaks.begin(), peaks.end());
  const double least = kMinProminence * Range(x);
  int best = kMissing;
  double best_prominence = -1;
  for (const int peak : peaks) {
    const double prominence = Prominence(x.data(), x.size(), peak);
    if (prominence < least || prominence <= best_prominence) continue;
    if (choice != Choice::kMostProminent) return peak;
    best = peak;
    best_prominence = prominence;
  }
  return best;
}

Values Part(const Values& x, int begin, int end, double sign = 1) {
  Values out;
  out.reserve(static_cast<std::size_t>(std::max(0, end - begin)));
  for (int i = begin; i < end; ++i) out.push_back(sign * x[static_cast<std::size_t>(i)]);
  return out;
}

// A moving average, then a Parzen window of the same size (periodic, unit sum); the first and last
// value stand beyond the ends.
Values Smooth(const Values& x, int size) {
  const Values averaged = CentredMovingAverage(x, size);
  Values window(static_cast<std::size_t>(size));
  double sum = 0;
  for (int k = 0; k < size; ++k) {
    const double d = std::abs(k - size / 2.0) / ((size + 1) / 2.0);
    const double v = d <= 0.5 ? 1 - 6 * d * d * (1 - d) : 2 * (1 - d) * (1 - d) * (1 - d);
    window[static_cast<std::size_t>(k)] = v;
    sum += v;
  }
  const int last = static_cast<int>(x.size()) - 1;
  const int before = (size - 1) / 2;  // what numpy.convolve calls the same size
  Values y(x.size());
  for (int i = 0; i <= last; ++i) {
    double total = 0;
    for (int k = 0; k < size; ++k) {
      const int at = std::clamp(i + before - k, 0, last);
      total += window[static_cast<std::size_t>(k)] * averaged[static_cast<std::size_t>(at)];
    }
    y[static_cast<std::size_t>(i)] = total / sum;
  }
  return y;
}

// Where the curvature is greatest; kMissing with fewer than two samples.
int GreatestCurvature(const Values& x, int smoothing) {
  if (x.size() < 2) return kMissing;
  const bool smooth = smoothing >= 1 && static_cast<std::size_t>(smoothing) <= x.size();
  const Values curvature = Gradient(Gradient(smooth ? Smooth(x, smoothing) : x));
  // As numpy.argmax does, a NaN wins over every number.
  const auto nan =
      std::find_if(curvature.begin(), curvature.end(), [](double v) { return std::isnan(v); });
  const auto best =
      nan != curvature.end() ? nan : std::max_element(curvature.begin(), curvature.end());
  return static_cast<int>(best - curvature.begin());
}

}  // namespace

std::vector<double> Periods(const std::vector<int>& r_peaks, double fs) {
  if (r_peaks.size() < 2) return std::vector<double>(r_peaks.size(), 1.0);
  std::vector<double> periods = {(r_peaks.back() - r_peaks.front()) / fs /
                                 static_cast<double>(r_peaks.size() - 1)};
  for (std::size_t i = 1; i < r_peaks.size(); ++i) {
    periods.push_back((r_peaks[i] - r_peaks[i - 1]) / fs);
  }
  return periods;
}

Window SegmentWindow(const std::vector<int>& r_peaks, double fs, std::size_t samples) {
  double beats_per_s = 1;
  if (r_peaks.size() >= 2) {
    beats_per_s = MeanOfInversePchip(r_peaks, Periods(r_peaks, fs), samples);
  }
  return {-kWindowBefore / beats_per_s, kWindowAfter / beats_per_s};
}

Segment CutSegment(const std::vector<double>& clean, int r_peak, bool is_last, Window window,
                   double fs) {
  const int samples = static_cast<int>(clean.size());
  Segment segment;
  segment.start = static_cast<int>(std::floor(r_peak + window.start * fs));
  const int end = static_cast<int>(std::floor(r_peak + window.end * fs));
  const double after = is_last ? std::numeric_limits<double>::quiet_NaN() : 0.0;
  const int count = end - segment.start;
  segment.x.resize(static_cast<std::size_t>(std::max(count, 0)));
  // The times of the segment's samples run evenly from start to end of the window, so that the R
  // peak lies near time 0 but not at it.
  const double step = (window.end - window.start) / std::max(count - 1, 1);
  for (int i = 0; i < count; ++i) {
    const int at = segment.start + i;
    segment.x[static_cast<std::size_t>(i)] =
        at < 0 ? 0.0 : (at < samples ? clean[static_cast<std::size_t>(at)] : after);
    const double time = i * step + window.start;
    if (time <= 0) segment.left_end = i + 1;
    if (time < 0) segment.right_begin = i + 1;
  }
  segment.r = segment.left_end;
  return segment;
}

int FindQ(const Segment& segment) {
  return ChoosePeak(Part(segment.x, 0, segment.left_end, -1), Choice::kLast);
}

int FindS(const Segment& segment) {
  const int end = static_cast<int>(segment.x.size());
  const int found = ChoosePeak(Part(segment.x, segment.right_begin, end, -1), Choice::kFirst);
  return found == kMissing ? kMissing : segment.right_begin + found;
}

void DelineatePeak(const std::vector<double>& clean, double fs, std::vector<Beat>* beats) {
  std::vector<int> r_peaks;
  for (const Beat& beat : *beats) r_peaks.push_back(beat.qrs.peak);
  const Window window = SegmentWindow(r_peaks, fs, clean.size());
  for (std::size_t i = 0; i < beats->size(); ++i) {
    Beat& beat = (*beats)[i];
    const Segment segment = CutSegment(clean, beat.qrs.peak, i + 1 == beats->size(), window, fs);
    const int end = static_cast<int>(segment.x.size());
    const int smoothing = segment.r / 10;
    // Positions before R count from the position taken for it, those after R from the first at or
    // after time 0.
    const int before = beat.qrs.peak - segment.r;
    const int after = beat.qrs.peak - segment.right_begin;
    const int q = FindQ(segment);
    if (q != kMissing) {
      beat.q = before + q;
      const int p = ChoosePeak(Part(segment.x, 0, q), Choice::kMostProminent);
      if (p != kMissing) {
        beat.p.peak = before + p;
        const int onset = GreatestCurvature(Part(segment.x, 0, p), smoothing);
        if (onset != kMissing) beat.p.onset = before + onset;
      }
    }
    const int s = FindS(segment);
    if (s != kMissing) {
      beat.s = after + s;
      // S counts from time 0, but the search for T starts that many samples after R's position.
      const int t_begin = segment.r + s - segment.right_begin;
      const int t = ChoosePeak(Part(segment.x, t_begin, end), Choice::kMostProminent);
      if (t != kMissing) {
        beat.t.peak = beat.s + t;
        const int offset = GreatestCurvature(Part(segment.x, t_begin + t, end), smoothing);
        if (offset != kMissing) beat.t.offset = beat.t.peak + offset;
      }
    }
  }
}

}  // namespace ecg::dsp::neurokit
