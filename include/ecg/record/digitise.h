// From millivolts to counts, for formats that hold whole numbers.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace ecg::record {

// How many counts are 1 mV; 0 counts are 0 mV.
struct Gain {
  double counts_per_mv = 1000;
  bool exact = true;  // every sample comes back, but for the last bit of a float
};

// The gain that keeps the steps in which a lead was recorded, mV, found from its samples: those of
// 16 bits and less have a common step. It is the first that gives back every bit of every sample:
// 1000/mV, else that of the step, as its shortest decimal number, or a small multiple of it. Where
// there is no such step, or no sample may be beyond `most` counts with it, the finest gain with
// which none is.
Gain ChooseGain(const std::vector<float>& lead, std::int32_t most);

// What stands for a sample that is not finite.
inline constexpr std::int32_t kNoCount = std::numeric_limits<std::int32_t>::min();

// Samples, mV, as counts. None may be beyond 32 bits.
std::vector<std::int32_t> Digitise(const std::vector<float>& lead, double counts_per_mv);

}  // namespace ecg::record
