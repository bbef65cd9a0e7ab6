// The compression of Philips's waveforms: for each channel second differences, their high bytes
// before their low ones, in 10-bit LZW.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::xml {

// The samples of each channel, at most `most` of them in all.
Result<std::vector<std::vector<std::int32_t>>> DecodeXli(std::string_view bytes, std::size_t most);

}  // namespace ecg::xml
