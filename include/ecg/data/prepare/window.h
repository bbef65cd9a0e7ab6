// Fixed-length windows and lead subsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/data/prepare/preprocess.h"

namespace ecg::data {

// Where a training window begins: uniform over all places where it fits, 0 for a short record.
std::size_t RandomStart(std::size_t samples, std::size_t window, Rng& rng);

// Where prediction's windows begin: from 0 in steps of window * (1 - overlap), the last one flush
// with the record's end. A tail of at most 5 % of a window is left to the window before it.
std::vector<std::size_t> WindowStarts(std::size_t samples, std::size_t window, double overlap);

// Copies samples [start, start + window) of every channel to float [channels][window]; zeros after
// the record's end (paper section 2.2) and in the channels that `keep`, uint8 [channels], leaves
// out; an empty `keep` leaves out none.
void CopyWindow(const SignalView& record, std::size_t start, std::size_t window,
                const std::vector<std::uint8_t>& keep, float* out);

// Which channels a challenge lead set keeps ("12", "6", "4", "3", "2"; paper Table 1), uint8
// [channels]; age and sex in every set. An unknown name is an error.
Result<std::vector<std::uint8_t>> ChannelsOfLeadSet(const std::string& lead_set,
                                                    const std::vector<std::string>& channels);

// Lead sets by the channels that they keep, in the order given, so that sets that are the same to
// the network (6 and 2; 4 and 3) are computed once.
struct ChannelGroup {
  std::vector<std::uint8_t> keep;      // [channels]
  std::vector<std::string> lead_sets;  // that keep them
};
Result<std::vector<ChannelGroup>> GroupLeadSets(const std::vector<std::string>& lead_sets,
                                                const std::vector<std::string>& channels);

}  // namespace ecg::data
