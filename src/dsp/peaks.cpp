#include "ecg/dsp/peaks.h"

namespace ecg::dsp {

std::vector<Peak> PeaksOf(const std::vector<Beat>& beats) {
  std::vector<Peak> peaks;
  const auto add = [&](int sample, PeakType type) {
    if (sample != kMissing) peaks.push_back({sample, type});
  };
  for (const Beat& beat : beats) {
    add(beat.p.peak, PeakType::kP);
    add(beat.q, PeakType::kQ);
    add(beat.qrs.peak, PeakType::kR);
    add(beat.s, PeakType::kS);
    add(beat.t.peak, PeakType::kT);
  }
  return peaks;
}

}  // namespace ecg::dsp
