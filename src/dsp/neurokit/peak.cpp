#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/dsp/filter.h"
#include "src/dsp/neurokit/neurokit.h"
#include "src/dsp/neurokit/segment.h"

namespace ecg::dsp::neurokit {
namespace {

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

// The waves around one R peak in its segment.
Beat MarkBeat(const Segment& segment, int r_peak) {
  Beat beat;
  beat.qrs.peak = r_peak;
  const int end = static_cast<int>(segment.x.size());
  const int smoothing = segment.r / 10;
  // Positions before R count from the position taken for it, those after R from the first at or
  // after time 0.
  const int before = r_peak - segment.r;
  const int after = r_peak - segment.right_begin;
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
  return beat;
}

}  // namespace

std::vector<Beat> DelineatePeak(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                                double fs) {
  const Window window = SegmentWindow(r_peaks, fs, clean.size());
  std::vector<Beat> beats;
  for (std::size_t i = 0; i < r_peaks.size(); ++i) {
    const bool is_last = i + 1 == r_peaks.size();
    beats.push_back(MarkBeat(CutSegment(clean, r_peaks[i], is_last, window, fs), r_peaks[i]));
  }
  return beats;
}

}  // namespace ecg::dsp::neurokit
