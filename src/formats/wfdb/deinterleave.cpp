#include "src/formats/wfdb/deinterleave.h"

#include <algorithm>
#include <cstring>

#include "src/core/simd.h"

namespace ecg::wfdb {
namespace {

// Four words of 32 bits, in the vector extension that g++ and clang++ share.
using Four = std::int32_t __attribute__((vector_size(16)));

Four Load(const std::uint8_t* p) {
  Four v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}

void Store(const Four& v, std::int32_t* p) { std::memcpy(p, &v, sizeof(v)); }

struct FourByFour {
  Four column[4];
};

// Four columns of four rows: a loop over single words takes four times as long.
inline FourByFour Transpose(const std::uint8_t* in, std::size_t row_bytes) {
  const Four a = Load(in), b = Load(in + row_bytes), c = Load(in + 2 * row_bytes),
             d = Load(in + 3 * row_bytes);
  const Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return {{__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
           __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
           __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
           __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)}};
}

// What is left of a matrix of Sample beyond its whole blocks.
template <typename Sample>
inline void DeinterleaveRest(const std::uint8_t* in, std::size_t frames, std::size_t width,
                             std::size_t whole_frames, std::size_t whole_width, std::int32_t* out) {
  for (std::size_t column = 0; column < width; ++column) {
    const std::size_t first = column < whole_width ? whole_frames : 0;
    for (std::size_t frame = first; frame < frames; ++frame) {
      Sample sample;
      std::memcpy(&sample, in + (frame * width + column) * sizeof(sample), sizeof(sample));
      out[column * frames + frame] = sample;
    }
  }
}

}  // namespace

void Deinterleave(const std::int32_t* in, std::size_t frames, std::size_t width,
                  std::int32_t* out) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(in);
  const std::size_t whole_frames = frames - frames % 4, whole_width = width - width % 4;
  for (std::size_t column = 0; column < whole_width; column += 4) {
    for (std::size_t frame = 0; frame < whole_frames; frame += 4) {
      const FourByFour block = Transpose(bytes + (frame * width + column) * 4, width * 4);
      for (std::size_t k = 0; k < 4; ++k) {
        Store(block.column[k], out + (column + k) * frames + frame);
      }
    }
  }
  DeinterleaveRest<std::int32_t>(bytes, frames, width, whole_frames, whole_width, out);
}

// Eight columns at a time, two in a word.
ECG_VECTOR_CLONES void DeinterleaveInt16(const std::uint8_t* in, std::size_t frames,
                                         std::size_t width, std::int32_t* out) {
  const std::size_t whole_frames = frames - frames % 4, whole_width = width < 8 ? 0 : width;
  for (std::size_t next = 0; next < whole_width; next += 8) {
    const std::size_t column = std::min(next, width - 8);
    for (std::size_t frame = 0; frame < whole_frames; frame += 4) {
      const FourByFour block = Transpose(in + (frame * width + column) * 2, width * 2);
      for (std::size_t k = 0; k < 4; ++k) {
        Store((block.column[k] << 16) >> 16, out + (column + 2 * k) * frames + frame);
        Store(block.column[k] >> 16, out + (column + 2 * k + 1) * frames + frame);
      }
    }
  }
  DeinterleaveRest<std::int16_t>(in, frames, width, whole_frames, whole_width, out);
}

}  // namespace ecg::wfdb
