#include "src/dsp/neurokit/segment.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/dsp/beats.h"
#include "ecg/dsp/find_peaks.h"
#include "ecg/dsp/spline.h"

namespace ecg::dsp::neurokit {
namespace {

constexpr double kWindowBefore = 0.35;  // of the mean RR interval
constexpr double kWindowAfter = 0.65;
constexpr double kMinProminence = 0.05;  // of the segment's range

double Range(const Values& x) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double v : x) {
    low = std::min(low, v);  // a NaN changes neither
    high = std::max(high, v);
  }
  return high - low;
}

}  // namespace

Values Part(const Values& x, int begin, int end, double sign) {
  Values out;
  out.reserve(static_cast<std::size_t>(std::max(0, end - begin)));
  for (int i = begin; i < end; ++i) out.push_back(sign * x[static_cast<std::size_t>(i)]);
  return out;
}

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

}  // namespace ecg::dsp::neurokit
