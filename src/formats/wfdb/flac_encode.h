// Encoding signals as a FLAC stream, through libFLAC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::wfdb {

inline constexpr std::size_t kMaxFlacChannels = 8;

// channels: 1 to kMaxFlacChannels of equal length, values of `bits` bits.
Result<std::string> EncodeFlac(const std::vector<std::vector<std::int32_t>>& channels,
                               unsigned bits);

}  // namespace ecg::wfdb
