#include "src/model/kernels/epilogue_kernels.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "src/core/simd.h"

namespace ecg::nn {
namespace {

// Loops run over channels, so vectors of any width give the same bits.
#define ECG_INLINE inline __attribute__((always_inline))

constexpr std::size_t kBlock = 32;  // rows whose sums are kept in float

ECG_INLINE float Load(const float* p) { return *p; }
ECG_INLINE float Load(const Bf16* p) {
  const std::uint32_t bits = static_cast<std::uint32_t>(p->bits) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
ECG_INLINE void Store(float* p, float value) { *p = value; }
// Rounds to the nearest, ties to even; the NaN that arithmetic gives stays one.
ECG_INLINE void Store(Bf16* p, float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits += 0x7FFFU + (bits >> 16 & 1U);
  p->bits = static_cast<std::uint16_t>(bits >> 16);
}

// The value, or zero; without a branch, which would keep loops from becoming vectors.
ECG_INLINE float Keep(float value, bool keep) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits &= 0U - static_cast<std::uint32_t>(keep);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// 24 random bits of an element.
ECG_INLINE std::int32_t Draw(std::uint32_t key_low, std::uint32_t key_high, std::uint32_t place) {
  std::uint32_t x = place * 0x9E3779B1U + key_low;
  x = (x ^ x >> 16) * 0x85EBCA6BU + key_high;
  x = (x ^ x >> 13) * 0xC2B2AE35U;
  return static_cast<std::int32_t>((x ^ x >> 16) >> 8);
}

template <typename T>
ECG_INLINE void AddMomentsOf(const Rows& x, double* sums, double* squares) {
  const std::size_t channels = x.channels;
  std::vector<float> block(2 * channels);
  float* __restrict s = block.data();
  float* __restrict q = s + channels;
  for (std::size_t begin = 0; begin < x.rows; begin += kBlock) {
    std::fill(block.begin(), block.end(), 0.0F);
    const std::size_t end = std::min(begin + kBlock, x.rows);
    for (std::size_t row = begin; row < end; ++row) {
      const T* __restrict in = static_cast<const T*>(x.data) + row * channels;
      for (std::size_t c = 0; c < channels; ++c) {
        const float v = Load(in + c);
        s[c] += v;
        q[c] += v * v;
      }
    }
    for (std::size_t c = 0; c < channels; ++c) {
      sums[c] += static_cast<double>(s[c]);
      squares[c] += static_cast<double>(q[c]);
    }
  }
}

template <typename T, bool kResidual, bool kDropout>
ECG_INLINE void ApplyTo(const Rows& h, const T* residual, const Epilogue& sum, T* y) {
  const std::size_t channels = h.channels;
  const std::vector<float> ones(sum.residual_scale == nullptr ? channels : 0, 1.0F);
  const float* __restrict residual_scale =
      sum.residual_scale == nullptr ? ones.data() : sum.residual_scale;
  const float* __restrict scale = sum.scale;
  const float* __restrict bias = sum.bias;
  const float floor = sum.relu ? 0.0F : -std::numeric_limits<float>::infinity();
  const float grow = 1.0F / (1.0F - sum.dropout.probability);
  const auto drop = static_cast<std::int32_t>(sum.dropout.probability * (1 << 24));
  const auto low = static_cast<std::uint32_t>(sum.dropout.key);
  const auto high = static_cast<std::uint32_t>(sum.dropout.key >> 32);
  for (std::size_t row = 0; row < h.rows; ++row) {
    const T* __restrict in = static_cast<const T*>(h.data) + row * channels;
    const T* __restrict added = kResidual ? residual + row * channels : nullptr;
    T* __restrict out = y + row * channels;
    const auto place = static_cast<std::uint32_t>(row * channels);
    for (std::size_t c = 0; c < channels; ++c) {
      float v = Load(in + c) * scale[c] + bias[c];
      if (kResidual) v += Load(added + c) * residual_scale[c];
      v = v < floor ? floor : v;  // a NaN stays one
      if (kDropout) {
        v = Keep(v * grow, Draw(low, high, place + static_cast<std::uint32_t>(c)) >= drop);
      }
      Store(out + c, v);
    }
  }
}

template <typename T>
ECG_INLINE void ApplyTo(const Rows& h, const void* residual, const Epilogue& sum, void* y) {
  const T* r = static_cast<const T*>(residual);
  T* out = static_cast<T*>(y);
  if (sum.dropout.probability > 0) {
    r != nullptr ? ApplyTo<T, true, true>(h, r, sum, out) : ApplyTo<T, false, true>(h, r, sum, out);
  } else {
    r != nullptr ? ApplyTo<T, true, false>(h, r, sum, out)
                 : ApplyTo<T, false, false>(h, r, sum, out);
  }
}

// What came through relu and dropout.
template <typename T>
ECG_INLINE float Through(const T* y, const T* gradient, bool relu, float grow) {
  const float g = Load(gradient) * grow;
  return Keep(g, !relu | (Load(y) > 0.0F));
}

template <typename T, bool kResidual>
ECG_INLINE void AddGradientsOf(const Rows& h, const T* residual, const Epilogue& sum, const T* y,
                               const T* gradient, float* scale, float* bias,
                               float* residual_scale) {
  const std::size_t channels = h.channels;
  const bool relu = sum.relu;
  const float grow = 1.0F / (1.0F - sum.dropout.probability);
  std::vector<float> block(3 * channels);
  float* __restrict ds = block.data();
  float* __restrict db = ds + channels;
  float* __restrict dr = db + channels;
  for (std::size_t begin = 0; begin < h.rows; begin += kBlock) {
    std::fill(block.begin(), block.end(), 0.0F);
    const std::size_t end = std::min(begin + kBlock, h.rows);
    for (std::size_t row = begin; row < end; ++row) {
      const std::size_t at = row * channels;
      const T* __restrict in = static_cast<const T*>(h.data) + at;
      for (std::size_t c = 0; c < channels; ++c) {
        const float dz = Through(y + at + c, gradient + at + c, relu, grow);
        db[c] += dz;
        ds[c] += dz * Load(in + c);
        if (kResidual) dr[c] += dz * Load(residual + at + c);
      }
    }
    for (std::size_t c = 0; c < channels; ++c) {
      scale[c] += ds[c];
      bias[c] += db[c];
      if (kResidual) residual_scale[c] += dr[c];
    }
  }
}

template <typename T>
ECG_INLINE void AddGradientsOf(const Rows& h, const void* residual, const Epilogue& sum,
                               const void* y, const void* gradient, float* scale, float* bias,
                               float* residual_scale) {
  const T* r = static_cast<const T*>(residual);
  const T* out = static_cast<const T*>(y);
  const T* g = static_cast<const T*>(gradient);
  if (residual != nullptr && residual_scale != nullptr) {
    AddGradientsOf<T, true>(h, r, sum, out, g, scale, bias, residual_scale);
  } else {
    AddGradientsOf<T, false>(h, r, sum, out, g, scale, bias, residual_scale);
  }
}

template <typename T, bool kBoth>
ECG_INLINE void WriteGradientsOf(const Rows& h, const T* residual, const Epilogue& sum, const T* y,
                                 const T* gradient, const InputGradient& to_h,
                                 const InputGradient& to_residual) {
  const std::size_t channels = h.channels;
  const bool relu = sum.relu;
  const float grow = 1.0F / (1.0F - sum.dropout.probability);
  const std::vector<float> zeros(channels, 0.0F);
  const std::vector<float> ones(channels, 1.0F);
  const auto or_else = [](const float* given, const std::vector<float>& other) {
    return given == nullptr ? other.data() : given;
  };
  const float* __restrict hs = or_else(to_h.scale, ones);
  const float* __restrict ho = or_else(to_h.offset, zeros);
  const float* __restrict hl = or_else(to_h.slope, zeros);
  const float* __restrict rs = or_else(to_residual.scale, ones);
  const float* __restrict ro = or_else(to_residual.offset, zeros);
  const float* __restrict rl = or_else(to_residual.slope, zeros);
  for (std::size_t row = 0; row < h.rows; ++row) {
    const std::size_t at = row * channels;
    const T* __restrict in = static_cast<const T*>(h.data) + at;
    const T* __restrict result = y + at;
    const T* __restrict arrived = gradient + at;
    T* __restrict dh = static_cast<T*>(to_h.out) + at;
    for (std::size_t c = 0; c < channels; ++c) {
      const float dz = Through(result + c, arrived + c, relu, grow);
      Store(dh + c, dz * hs[c] + ho[c] + Load(in + c) * hl[c]);
    }
    if (!kBoth) continue;
    // A loop of its own: with both in one there would be too many rows at a time for the compiler.
    const T* __restrict added = residual + at;
    T* __restrict dr = static_cast<T*>(to_residual.out) + at;
    for (std::size_t c = 0; c < channels; ++c) {
      const float dz = Through(result + c, arrived + c, relu, grow);
      Store(dr + c, dz * rs[c] + ro[c] + Load(added + c) * rl[c]);
    }
  }
}

template <typename T>
ECG_INLINE void WriteGradientsOf(const Rows& h, const void* residual, const Epilogue& sum,
                                 const void* y, const void* gradient, const InputGradient& to_h,
                                 const InputGradient& to_residual) {
  const T* r = static_cast<const T*>(residual);
  const T* out = static_cast<const T*>(y);
  const T* g = static_cast<const T*>(gradient);
  if (to_residual.out != nullptr) {
    WriteGradientsOf<T, true>(h, r, sum, out, g, to_h, to_residual);
  } else {
    WriteGradientsOf<T, false>(h, r, sum, out, g, to_h, to_residual);
  }
}

template <typename T>
ECG_INLINE void MaxPoolOf(const Rows& x, T* y) {
  const std::size_t channels = x.channels;
  const T* in = static_cast<const T*>(x.data);
  for (std::size_t row = 0; row < (x.rows + 1) / 2; ++row) {
    const T* __restrict middle = in + 2 * row * channels;
    const T* __restrict before = row > 0 ? middle - channels : middle;
    const T* __restrict after = 2 * row + 1 < x.rows ? middle + channels : middle;
    T* __restrict out = y + row * channels;
    for (std::size_t c = 0; c < channels; ++c) {
      const float a = Load(before + c), b = Load(middle + c), d = Load(after + c);
      float v = a;
      v = b > v || b != b ? b : v;
      v = d > v || d != d ? d : v;
      Store(out + c, v);
    }
  }
}

template <typename T>
ECG_INLINE void MaxPoolGradientOf(const Rows& x, const T* y, const T* gradient, T* out) {
  const std::size_t channels = x.channels;
  const std::size_t pooled = (x.rows + 1) / 2;
  const T* in = static_cast<const T*>(x.data);
  // Row 2k is seen by window k alone, row 2k + 1 by k as its last and by k + 1 as its first. A
  // window gives its gradient to the first of its rows that is largest. Rows that are not there
  // equal nothing and take what nobody reads.
  std::vector<T> nothing(channels), zeros(channels), unread(channels);
  for (T& value : nothing) Store(&value, std::numeric_limits<float>::quiet_NaN());
  for (T& value : zeros) Store(&value, 0.0F);
  for (std::size_t k = 0; k < pooled; ++k) {
    const bool has_after = 2 * k + 1 < x.rows;
    const T* __restrict before = k > 0 ? in + (2 * k - 1) * channels : nothing.data();
    const T* __restrict middle = in + 2 * k * channels;
    const T* __restrict after = has_after ? middle + channels : nothing.data();
    const T* __restrict max = y + k * channels;
    const T* __restrict g = gradient + k * channels;
    const T* __restrict next = k + 1 < pooled ? max + channels : nothing.data();
    const T* __restrict next_g = k + 1 < pooled ? g + channels : zeros.data();
    T* __restrict to_middle = out + 2 * k * channels;
    T* __restrict to_after = has_after ? out + (2 * k + 1) * channels : unread.data();
    for (std::size_t c = 0; c < channels; ++c) {
      const float m = Load(max + c);
      const bool first = Load(before + c) == m;
      const bool second = !first & (Load(middle + c) == m);
      Store(to_middle + c, Keep(Load(g + c), second));
    }
    for (std::size_t c = 0; c < channels; ++c) {
      const float m = Load(max + c);
      const bool last = (Load(before + c) != m) & (Load(middle + c) != m);
      const bool of_next = Load(after + c) == Load(next + c);
      Store(to_after + c, Keep(Load(g + c), last) + Keep(Load(next_g + c), of_next));
    }
  }
}

ECG_VECTOR_CLONES void MomentsFp32(const Rows& x, double* sums, double* squares) {
  AddMomentsOf<float>(x, sums, squares);
}
ECG_VECTOR_CLONES void MomentsBf16(const Rows& x, double* sums, double* squares) {
  AddMomentsOf<Bf16>(x, sums, squares);
}
ECG_VECTOR_CLONES void ApplyFp32(const Rows& h, const void* r, const Epilogue& sum, void* y) {
  ApplyTo<float>(h, r, sum, y);
}
ECG_VECTOR_CLONES void ApplyBf16(const Rows& h, const void* r, const Epilogue& sum, void* y) {
  ApplyTo<Bf16>(h, r, sum, y);
}
ECG_VECTOR_CLONES void GradientsFp32(const Rows& h, const void* r, const Epilogue& sum,
                                     const void* y, const void* g, float* ds, float* db,
                                     float* dr) {
  AddGradientsOf<float>(h, r, sum, y, g, ds, db, dr);
}
ECG_VECTOR_CLONES void GradientsBf16(const Rows& h, const void* r, const Epilogue& sum,
                                     const void* y, const void* g, float* ds, float* db,
                                     float* dr) {
  AddGradientsOf<Bf16>(h, r, sum, y, g, ds, db, dr);
}
ECG_VECTOR_CLONES void InputsFp32(const Rows& h, const void* r, const Epilogue& sum, const void* y,
                                  const void* g, const InputGradient& to_h,
                                  const InputGradient& to_r) {
  WriteGradientsOf<float>(h, r, sum, y, g, to_h, to_r);
}
ECG_VECTOR_CLONES void InputsBf16(const Rows& h, const void* r, const Epilogue& sum, const void* y,
                                  const void* g, const InputGradient& to_h,
                                  const InputGradient& to_r) {
  WriteGradientsOf<Bf16>(h, r, sum, y, g, to_h, to_r);
}
ECG_VECTOR_CLONES void PoolFp32(const Rows& x, void* y) { MaxPoolOf(x, static_cast<float*>(y)); }
ECG_VECTOR_CLONES void PoolBf16(const Rows& x, void* y) { MaxPoolOf(x, static_cast<Bf16*>(y)); }
ECG_VECTOR_CLONES void PoolGradientFp32(const Rows& x, const void* y, const void* g, void* out) {
  MaxPoolGradientOf(x, static_cast<const float*>(y), static_cast<const float*>(g),
                    static_cast<float*>(out));
}
ECG_VECTOR_CLONES void PoolGradientBf16(const Rows& x, const void* y, const void* g, void* out) {
  MaxPoolGradientOf(x, static_cast<const Bf16*>(y), static_cast<const Bf16*>(g),
                    static_cast<Bf16*>(out));
}

}  // namespace

void AddMoments(const Rows& x, double* sums, double* squares) {
  x.bf16 ? MomentsBf16(x, sums, squares) : MomentsFp32(x, sums, squares);
}

void ApplyEpilogue(const Rows& h, const void* residual, const Epilogue& sum, void* y) {
  h.bf16 ? ApplyBf16(h, residual, sum, y) : ApplyFp32(h, residual, sum, y);
}

void AddCoefficientGradients(const Rows& h, const void* residual, const Epilogue& sum,
                             const void* y, const void* gradient, float* scale, float* bias,
                             float* residual_scale) {
  h.bf16 ? GradientsBf16(h, residual, sum, y, gradient, scale, bias, residual_scale)
         : GradientsFp32(h, residual, sum, y, gradient, scale, bias, residual_scale);
}

void WriteInputGradients(const Rows& h, const void* residual, const Epilogue& sum, const void* y,
                         const void* gradient, const InputGradient& to_h,
                         const InputGradient& to_residual) {
  h.bf16 ? InputsBf16(h, residual, sum, y, gradient, to_h, to_residual)
         : InputsFp32(h, residual, sum, y, gradient, to_h, to_residual);
}

void MaxPoolRows(const Rows& x, void* y) { x.bf16 ? PoolBf16(x, y) : PoolFp32(x, y); }

void MaxPoolGradient(const Rows& x, const void* y, const void* gradient, void* out) {
  x.bf16 ? PoolGradientBf16(x, y, gradient, out) : PoolGradientFp32(x, y, gradient, out);
}

}  // namespace ecg::nn
