#include "src/wfdb/deinterleave.h"

#include <cstring>

namespace ecg::wfdb {
namespace {

// Four samples, in the vector extension that g++ and clang++ share.
using Four = std::int32_t __attribute__((vector_size(16)));

Four Load(const std::int32_t* p) {
  Four v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}

void Store(const Four& v, std::int32_t* p) { std::memcpy(p, &v, sizeof(v)); }

// Four columns of four frames: a loop over single samples takes four times as long.
void TransposeFour(const std::int32_t* in, std::size_t width, std::int32_t* out,
                   std::size_t stride) {
  const Four a = Load(in), b = Load(in + width), c = Load(in + 2 * width), d = Load(in + 3 * width);
  const Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  Store(__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5), out);
  Store(__builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7), out + stride);
  Store(__builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5), out + 2 * stride);
  Store(__builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7), out + 3 * stride);
}

}  // namespace

void Deinterleave(const std::int32_t* in, std::size_t frames, std::size_t width,
                  std::int32_t* out) {
  const std::size_t whole_frames = frames - frames % 4, whole_width = width - width % 4;
  for (std::size_t column = 0; column < whole_width; column += 4) {
    for (std::size_t frame = 0; frame < whole_frames; frame += 4) {
      TransposeFour(in + frame * width + column, width, out + column * frames + frame, frames);
    }
  }
  for (std::size_t column = 0; column < width; ++column) {
    const std::size_t first = column < whole_width ? whole_frames : 0;
    for (std::size_t frame = first; frame < frames; ++frame) {
      out[column * frames + frame] = in[frame * width + column];
    }
  }
}

}  // namespace ecg::wfdb
