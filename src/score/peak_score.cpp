#include "ecg/score/peak_score.h"

#include <cmath>
#include <cstdint>
#include <limits>

namespace ecg::score {
namespace {

double Share(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<std::int32_t> SamplesOf(const std::vector<dsp::Peak>& peaks, dsp::PeakType type) {
  std::vector<std::int32_t> samples;
  for (const dsp::Peak& peak : peaks) {
    if (peak.type == type) samples.push_back(peak.sample);
  }
  return samples;
}

}  // namespace

std::vector<std::optional<std::size_t>> MatchNearest(const std::vector<std::int32_t>& reference,
                                                     const std::vector<std::int32_t>& detected,
                                                     double tolerance) {
  std::vector<std::optional<std::size_t>> matches;
  std::vector<bool> taken(detected.size());
  std::size_t first = 0;  // of the detections that can still be near enough
  for (const std::int32_t wanted : reference) {
    while (first < detected.size() && detected[first] < wanted - tolerance) ++first;
    std::optional<std::size_t>& best = matches.emplace_back();
    for (std::size_t k = first; k < detected.size() && detected[k] <= wanted + tolerance; ++k) {
      if (taken[k]) continue;
      if (!best || std::abs(detected[k] - wanted) < std::abs(detected[*best] - wanted)) best = k;
    }
    if (best) taken[*best] = true;
  }
  return matches;
}

double PeakToleranceSeconds(dsp::PeakType type) { return type == dsp::PeakType::kR ? 0.05 : 0.1; }

double PeakTally::Sensitivity() const { return Share(matched, reference); }
double PeakTally::PositivePredictivity() const {
  return reference == 0 ? Share(0, 0) : Share(matched, detected);
}

void AddPeaks(const std::vector<dsp::Peak>& reference, const std::vector<dsp::Peak>& detected,
              double rate, PeakTallies& tallies) {
  for (std::size_t k = 0; k < dsp::kPeakTypes; ++k) {
    const auto type = static_cast<dsp::PeakType>(k);
    const std::vector<std::int32_t> wanted = SamplesOf(reference, type);
    const std::vector<std::int32_t> found = SamplesOf(detected, type);
    for (const auto& match : MatchNearest(wanted, found, PeakToleranceSeconds(type) * rate)) {
      if (match) ++tallies[k].matched;
    }
    tallies[k].reference += wanted.size();
    tallies[k].detected += found.size();
  }
}

}  // namespace ecg::score
