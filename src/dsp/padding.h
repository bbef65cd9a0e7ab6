// How far filters without phase shift extend a signal at each end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ecg/dsp/filter.h"

namespace ecg::dsp {

// As far as the signal, which has a sample at least, allows.
inline std::size_t PadLength(std::size_t wanted, std::size_t samples) {
  return std::min(wanted, samples - 1);
}

// That of a moving average over `size` samples.
inline std::size_t AveragePadLength(std::size_t size, std::size_t samples) {
  return PadLength(3 * size, samples);
}

// That of SciPy's sosfiltfilt: three times the number of taps.
inline std::size_t PadLength(const std::vector<Section>& sections, std::size_t samples) {
  const auto first_order = static_cast<std::size_t>(std::count_if(
      sections.begin(), sections.end(), [](const Section& s) { return s.a2 == 0 && s.b2 == 0; }));
  return PadLength(3 * (2 * sections.size() + 1 - first_order), samples);
}

}  // namespace ecg::dsp
