#include "ecg/dsp/r_peaks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "ecg/dsp/filter.h"
#include "ecg/dsp/find_peaks.h"
#include "src/dsp/lanes.h"
#include "src/dsp/padding.h"
#include "src/dsp/rate.h"

namespace ecg::dsp {
namespace {

constexpr double kHighPassHz = 0.5;
constexpr int kHighPassOrder = 5;
constexpr double kPowerlineHz = 50;
constexpr double kGradientWindowS = 0.1;
constexpr double kAverageWindowS = 0.75;
constexpr double kThreshold = 1.5;
constexpr double kMinLengthFactor = 0.4;  // of the mean length of a QRS stretch
constexpr double kMinDelayS = 0.3;

int Rounded(double seconds, double fs) { return static_cast<int>(std::rint(seconds * fs)); }

// [begin, end) of the stretches above the threshold, from the first rise on.
std::vector<std::pair<int, int>> Stretches(const std::vector<double>& smooth,
                                           const std::vector<double>& average) {
  std::vector<std::pair<int, int>> out;
  int begin = -1;
  bool above = smooth[0] > kThreshold * average[0];
  for (std::size_t i = 0; i + 1 < smooth.size(); ++i) {
    const bool next = smooth[i + 1] > kThreshold * average[i + 1];
    if (!above && next) begin = static_cast<int>(i);
    if (above && !next && begin >= 0) out.emplace_back(begin, static_cast<int>(i));
    above = next;
  }
  return out;
}

// The most prominent maximum inside a stretch, the first of equals; -1 where there is none.
int MostProminent(const std::vector<double>& x, std::pair<int, int> stretch) {
  const double* first = x.data() + stretch.first;
  const auto count = static_cast<std::size_t>(stretch.second - stretch.first);
  int best = -1;
  double best_prominence = -1;
  for (const int peak : LocalMaxima(first, count)) {
    const double prominence = Prominence(first, count, peak);
    if (prominence > best_prominence) {
      best_prominence = prominence;
      best = stretch.first + peak;
    }
  }
  return best;
}

std::vector<Section> HighPass(double fs) {
  return ButterworthHighPass(kHighPassOrder, kHighPassHz, fs);
}

// In samples, at least 2.
int PowerlinePeriod(double fs) {
  return fs < 2 * kPowerlineHz ? 2 : static_cast<int>(fs / kPowerlineHz);
}

}  // namespace

std::vector<double> CleanEcg(const std::vector<double>& signal, double fs) {
  if (!IsUsableRate(fs)) return {};
  return FiltFiltMovingAverage(FiltFilt(HighPass(fs), FillGaps(signal)), PowerlinePeriod(fs));
}

SideBySide CleanEcg(SideBySide signals, double fs) {
  return FiltFiltMovingAverage(FiltFilt(HighPass(fs), std::move(signals)), PowerlinePeriod(fs));
}

std::size_t CleanEcgMargin(std::size_t samples, double fs) {
  return std::max(PadLength(HighPass(fs), samples),
                  AveragePadLength(static_cast<std::size_t>(PowerlinePeriod(fs)), samples));
}

std::vector<int> FindRPeaks(const std::vector<double>& clean, double fs) {
  std::vector<int> peaks;
  if (clean.size() < 3 || !IsUsableRate(fs)) return peaks;
  std::vector<double> steepness = Gradient(clean);
  for (double& v : steepness) v = std::abs(v);
  const std::vector<double> smooth = CentredMovingAverage(steepness, Rounded(kGradientWindowS, fs));
  const std::vector<double> average = CentredMovingAverage(smooth, Rounded(kAverageWindowS, fs));
  const auto stretches = Stretches(smooth, average);
  if (stretches.empty()) return peaks;

  double total = 0;
  for (const auto& s : stretches) total += s.second - s.first;
  const double min_length = kMinLengthFactor * total / static_cast<double>(stretches.size());
  // The first beat, too, must lie that far from the start.
  int last = 0;
  for (const auto& s : stretches) {
    if (s.second - s.first < min_length) continue;
    const int peak = MostProminent(clean, s);
    if (peak < 0 || peak - last <= Rounded(kMinDelayS, fs)) continue;
    peaks.push_back(peak);
    last = peak;
  }
  return peaks;
}

}  // namespace ecg::dsp
