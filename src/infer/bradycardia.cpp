#include "ecg/infer/bradycardia.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "ecg/dsp/r_peaks.h"

namespace ecg::infer {
namespace {

constexpr double kShortestSeconds = 1.0;
constexpr double kLongestSeconds = 1.6;
constexpr char kFirstLead[] = "II";  // is in every lead set

}  // namespace

bool MayBeBradycardia(const std::vector<int>& r_peaks, double rate) {
  if (r_peaks.size() < 2) return true;
  std::size_t slow = 0;
  for (std::size_t i = 1; i < r_peaks.size(); ++i) {
    const double seconds = (r_peaks[i] - r_peaks[i - 1]) / rate;
    if (seconds >= kShortestSeconds && seconds <= kLongestSeconds) ++slow;
  }
  return 2 * slow >= r_peaks.size() - 1;
}

bool MayBeBradycardia(const data::SignalView& signal, const data::PreprocessConfig& preparation) {
  std::vector<std::size_t> order(preparation.LeadCount());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t c) { return preparation.leads[c] == kFirstLead; });
  for (const std::size_t c : order) {
    const float* samples = signal.Channel(c);
    const std::vector<double> lead(samples, samples + signal.samples);
    const std::vector<int> peaks =
        dsp::FindRPeaks(dsp::CleanEcg(lead, preparation.sampling_rate), preparation.sampling_rate);
    if (peaks.size() > 1) return MayBeBradycardia(peaks, preparation.sampling_rate);
  }
  return true;
}

}  // namespace ecg::infer
