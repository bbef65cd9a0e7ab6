// The five peaks of a heartbeat as one ordered list.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/dsp/beats.h"

namespace ecg::dsp {

enum class PeakType : std::uint8_t { kP, kQ, kR, kS, kT };
inline constexpr std::size_t kPeakTypes = 5;
inline constexpr std::array<char, kPeakTypes> kPeakNames = {'P', 'Q', 'R', 'S', 'T'};

struct Peak {
  std::int32_t sample = 0;
  PeakType type = PeakType::kR;

  bool operator==(const Peak& other) const { return sample == other.sample && type == other.type; }
};

// The known peaks of beats that are in order (see KeepOrder), in ascending order of their samples.
std::vector<Peak> PeaksOf(const std::vector<Beat>& beats);

}  // namespace ecg::dsp
