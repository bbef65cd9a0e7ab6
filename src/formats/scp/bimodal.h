// Bimodal compression of an SCP-ECG file's rhythm: only around its complexes, in zones that section
// 4 protects, is every sample kept; elsewhere the mean of several in a row stands for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ecg::scp {

// Samples of the rhythm, counted from 0; `end` is the last.
struct Zone {
  std::size_t begin = 0, end = 0;
};

// The samples, at most `count`, of which `factor` in a row have one mean outside the zones, which
// are in order of time. Between the middles of such rows the line from one mean to the next is
// taken. A zone begins and ends rows, so that the last before it may be shorter.
std::vector<std::int32_t> Expand(const std::vector<std::int32_t>& stored,
                                 const std::vector<Zone>& zones, std::size_t factor,
                                 std::size_t count);

}  // namespace ecg::scp
