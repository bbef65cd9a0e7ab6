#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

#include "ecg/dsp/find_peaks.h"
#include "ecg/dsp/spline.h"
#include "ecg/dsp/wavelet.h"
#include "src/dsp/neurokit/neurokit.h"
#include "src/dsp/neurokit/segment.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp::neurokit {
namespace {

constexpr double kAnalysisHz = 2000;
constexpr double kMinHz = 20;     // below, there are no waves to be seen
constexpr double kTunedHz = 250;  // the rate for which the levels below were chosen
constexpr int kLevels = 9;
constexpr int kLevelP = 2;  // also for all bounds
constexpr int kLevelT = 3;
constexpr double kQrsWidthS = 0.13;
constexpr double kPrS = 0.2;          // P to R, at 60 beats a minute
constexpr double kRtS = 0.25;         // R to T, at 60 beats a minute
constexpr double kMinHeightP = 0.02;  // of the RMS of the detail in the search window
constexpr double kMinHeightT = 0.25;
constexpr double kMinHeightOfMax = 0.025;
constexpr double kBoundS = 0.3;  // how far a bound lies from its peak, at 60 beats a minute
constexpr double kOnsetTS = 0.6;
constexpr double kBoundWeight = 0.4;  // of the slope's extremum
constexpr double kOnsetWeightT = 0.6;
constexpr double kBoundWeightQrs = 0.5;

// What the search works on: the lead at kAnalysisHz and two of its details.
struct Analysis {
  std::vector<double> ecg;
  WaveletBank bank;
  std::vector<double> falling;  // the detail for P with its sign turned
  double period = 1;            // median RR interval, s

  const std::vector<double>& ForP() const { return bank.Detail(0); }
  const std::vector<double>& ForT() const { return bank.Detail(kLevelT - kLevelP); }
};
// Each thread keeps the memory of its last analysis (see WaveletBank), unless it is very long.
constexpr std::size_t kKeptSamples = std::size_t{1} << 20;

// A duration given for 60 beats a minute, at the record's rate, in ms precision.
double AtRate(double seconds, double period) { return std::rint(seconds * period * 1000) / 1000; }

// A range of samples cut to the signal; empty where it starts before the signal.
struct Range {
  int begin = 0;
  int end = 0;
  bool empty() const { return begin >= end; }
};
Range Cut(int begin, int end, std::size_t samples) {
  if (begin < 0) return {};
  return {begin, std::min(end, static_cast<int>(samples))};
}

double Rms(const double* x, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += x[i] * x[i];
  return std::sqrt(sum / count);
}

// Extrema of a detail that stand out, and its first sample where it is positive.
std::vector<int> Extrema(const double* w, int count, double min_height) {
  std::vector<double> magnitude(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) magnitude[static_cast<std::size_t>(i)] = std::abs(w[i]);
  const double height = min_height * Rms(w, count);
  const double of_max = kMinHeightOfMax * *std::max_element(w, w + count);
  std::vector<int> extrema;
  if (w[0] > 0) extrema.push_back(0);
  for (const int i : LocalMaxima(magnitude)) {
    const double m = magnitude[static_cast<std::size_t>(i)];
    if (m >= height && m > of_max) extrema.push_back(i);
  }
  return extrema;
}

int ZeroCrossing(const double* w, int from) {
  const auto sign = [](double v) { return (v > 0) - (v < 0); };
  while (sign(w[from]) == sign(w[from + 1])) ++from;
  return from;
}

// The wave in the range: of the zero crossings from a positive to the next negative extremum the
// one with the highest voltage less its distance in seconds from where it is expected.
template <typename Distance>
int FindWave(const Analysis& a, const std::vector<double>& detail, Range range, double min_height,
             const Distance& distance) {
  if (range.empty()) return kMissing;
  const double* w = detail.data() + range.begin;
  const std::vector<int> extrema = Extrema(w, range.end - range.begin, min_height);
  int best = kMissing;
  double best_score = 0;
  for (std::size_t i = 0; i + 1 < extrema.size(); ++i) {
    if (!(w[extrema[i]] > 0 && w[extrema[i + 1]] < 0)) continue;
    const int zero = ZeroCrossing(w, extrema[i]);
    const int at = range.begin + zero;
    const double score = a.ecg[static_cast<std::size_t>(at)] - distance(zero / kAnalysisHz);
    if (best == kMissing || score > best_score) {
      best = at;
      best_score = score;
    }
  }
  return best;
}

int FindT(const Analysis& a, int r) {
  const double rt = AtRate(kRtS, a.period);
  const int begin = r + static_cast<int>(0.5 * kQrsWidthS * kAnalysisHz);
  const int end = r + 2 * static_cast<int>(rt * kAnalysisHz);
  return FindWave(a, a.ForT(), Cut(begin, end, a.ecg.size()), kMinHeightT,
                  [&](double s) { return s - (rt - 0.5 * kQrsWidthS); });
}

int FindP(const Analysis& a, int r) {
  const double pr = AtRate(kPrS, a.period);
  const int begin = r - 2 * static_cast<int>(pr * kAnalysisHz);
  const int end = r - static_cast<int>(0.5 * kQrsWidthS * kAnalysisHz);
  return FindWave(a, a.ForP(), Cut(begin, end, a.ecg.size()), kMinHeightP,
                  [&](double s) { return std::abs(s - pr); });
}

// The last sample before the last maximum of w at which it is below `weight` of that maximum.
int Onset(const std::vector<double>& w, Range range, double weight) {
  if (range.empty()) return kMissing;
  const double* x = w.data() + range.begin;
  const int peak = LastLocalMaximum(x, static_cast<std::size_t>(range.end - range.begin));
  for (int i = peak - 1; i >= 0; --i) {
    if (x[i] < weight * x[peak]) return range.begin + i;
  }
  return kMissing;
}

// The first sample from the first maximum of w on at which it is below `weight` of that maximum.
int Offset(const std::vector<double>& w, Range range, double weight) {
  if (range.empty()) return kMissing;
  const double* x = w.data() + range.begin;
  const int peak = FirstLocalMaximum(x, static_cast<std::size_t>(range.end - range.begin));
  if (peak < 0) return kMissing;
  for (int i = peak; i < range.end - range.begin; ++i) {
    if (x[i] < weight * x[peak]) return range.begin + i;
  }
  return kMissing;
}

// P or T with its bounds; everything in samples of the analysis.
Wave BoundWave(const Analysis& a, int peak, double onset_s, double onset_weight) {
  Wave wave;
  wave.peak = peak;
  if (peak == kMissing) return wave;
  const int before = static_cast<int>(AtRate(onset_s, a.period) * kAnalysisHz);
  const int after = static_cast<int>(AtRate(kBoundS, a.period) * kAnalysisHz);
  const std::size_t samples = a.ecg.size();
  wave.onset = Onset(a.ForP(), Cut(peak - before, peak, samples), onset_weight);
  wave.offset = Offset(a.falling, Cut(peak, peak + after, samples), kBoundWeight);
  return wave;
}

int BackToRecord(int index, double fs) {
  return index == kMissing ? kMissing : static_cast<int>(index * fs / kAnalysisHz);
}

Wave BackToRecord(const Wave& wave, double fs) {
  return {BackToRecord(wave.onset, fs), BackToRecord(wave.peak, fs), BackToRecord(wave.offset, fs)};
}

// The beats with Q and S, which both methods find alike.
std::vector<Beat> WithQAndS(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                            double fs) {
  const Window window = SegmentWindow(r_peaks, fs, clean.size());
  std::vector<Beat> beats;
  for (std::size_t i = 0; i < r_peaks.size(); ++i) {
    Beat& beat = beats.emplace_back();
    beat.qrs.peak = r_peaks[i];
    const Segment segment = CutSegment(clean, r_peaks[i], i + 1 == r_peaks.size(), window, fs);
    const int q = FindQ(segment), s = FindS(segment);
    if (q != kMissing) beat.q = r_peaks[i] - segment.r + q;
    if (s != kMissing) beat.s = r_peaks[i] - segment.right_begin + s;
  }
  return beats;
}

// The beat with P, T and the bounds of all waves.
Beat WithWaves(Beat beat, const Analysis& a, double fs) {
  const int r = static_cast<int>(beat.qrs.peak * kAnalysisHz / fs);
  const Wave p = BoundWave(a, FindP(a, r), kBoundS, kBoundWeight);
  const Wave t = BoundWave(a, FindT(a, r), kOnsetTS, kOnsetWeightT);
  if (p.peak != kMissing && beat.q != kMissing) {
    const int q = static_cast<int>(beat.q * kAnalysisHz / fs);
    beat.qrs.onset =
        BackToRecord(Onset(a.falling, Cut(p.peak, q, a.ecg.size()), kBoundWeightQrs), fs);
  }
  if (t.peak != kMissing) {
    beat.qrs.offset =
        BackToRecord(Offset(a.ForP(), Cut(r, t.peak, a.ecg.size()), kBoundWeightQrs), fs);
  }
  beat.p = BackToRecord(p, fs);
  beat.t = BackToRecord(t, fs);
  return beat;
}

}  // namespace

std::vector<Beat> DelineateDwt(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                               double fs) {
  std::vector<Beat> beats = WithQAndS(clean, r_peaks, fs);
  thread_local Analysis a;
  std::vector<double> rates = Periods(r_peaks, fs);
  for (double& v : rates) v = 60 / v;
  a.period = 60 / Median(std::move(rates));
  const int degree = static_cast<int>(std::log2(kAnalysisHz / kTunedHz * a.period));
  if (fs < kMinHz || kLevelT + degree >= kLevels || kLevelP + degree < 0) return beats;
  const double samples = static_cast<double>(clean.size()) * kAnalysisHz / fs;
  a.ecg = SplineZoom(clean, static_cast<std::size_t>(std::rint(samples)), std::move(a.ecg));
  a.bank.Transform(a.ecg, kLevelP + degree, kLevelT - kLevelP + 1);
  a.falling.resize(a.ecg.size());
  std::transform(a.ForP().begin(), a.ForP().end(), a.falling.begin(), std::negate<>());
  for (Beat& beat : beats) beat = WithWaves(beat, a, fs);
  if (a.ecg.size() > kKeptSamples) a = Analysis();
  return beats;
}

}  // namespace ecg::dsp::neurokit
