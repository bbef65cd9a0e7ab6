// Fixed-length windows and lead subsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/data/preprocess.h"

namespace ecg::data {

// Where a training window begins: uniform over all places where it fits, 0 for a short record.
std::size_t RandomStart(std::size_t samples, std::size_t window, Rng& rng);

// Where prediction's windows begin: from 0 in steps of window * (1 - overlap), the last one flush
// with the record's end. A tail of at most 5 % of a window is left to the window before it.
std::vector<std::size_t> WindowStarts(std::size_t samples, std::size_t window, double overlap);

// Copies samples [start, start + window) of every channel to float [channels][window]; zeros after
// the record's end (paper section 2.2).
void CopyWindow(const SignalView& record, std::size_t start, std::size_t window, float* out);

// Which channels a challenge lead set keeps ("12", "6", "4", "3", "2"; paper Table 1), uint8
// [channels]. An unknown name is an error.
Result<std::vector<std::uint8_t>> ChannelsOfLeadSet(const std::string& lead_set,
                                                    const std::vector<std::string>& channels);

// Zeroes the channels that `keep` leaves out, in float [channels][samples].
void KeepChannels(const std::vector<std::uint8_t>& keep, std::size_t samples, float* signal);

}  // namespace ecg::data
