// Turning samples that are stored frame by frame into runs of one signal each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ecg::wfdb {

// out[column][frame] = in[frame][column]; a transposition of [frames][width].
void Deinterleave(const std::int32_t* in, std::size_t frames, std::size_t width, std::int32_t* out);

// The same from the bytes of format 16.
void DeinterleaveInt16(const std::uint8_t* in, std::size_t frames, std::size_t width,
                       std::int32_t* out);

}  // namespace ecg::wfdb
