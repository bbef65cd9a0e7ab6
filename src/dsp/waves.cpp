#include "ecg/dsp/waves.h"

namespace ecg::dsp {

Waves WavesOf(const std::vector<Beat>& beats) {
  Waves waves;
  for (const Beat& beat : beats) {
    const std::array<const Wave*, kWaveTypes> own = {&beat.p, &beat.qrs, &beat.t};
    for (std::size_t k = 0; k < kWaveTypes; ++k) {
      if (own[k]->peak != kMissing) waves[k].push_back(*own[k]);
    }
  }
  return waves;
}

}  // namespace ecg::dsp
