// The waves of a signal as one list for each kind.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "ecg/dsp/beats.h"

namespace ecg::dsp {

enum class WaveType { kP, kQrs, kT };
inline constexpr std::size_t kWaveTypes = 3;
inline constexpr std::array<const char*, kWaveTypes> kWaveNames = {"P", "QRS", "T"};

// By WaveType; in ascending order of their peaks, which are always known.
using Waves = std::array<std::vector<Wave>, kWaveTypes>;

Waves WavesOf(const std::vector<Beat>& beats);

}  // namespace ecg::dsp
