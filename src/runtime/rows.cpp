#include "src/runtime/rows.h"

#include <algorithm>
#include <cstring>

#include "src/core/simd.h"
#include "src/runtime/load_store.h"

namespace ecg::runtime {
namespace {

// The signal's channels lie far from each other, so some samples of one are taken at a time.
constexpr std::size_t kSamples = 64;
// Rows that are summed by themselves before they are added to the rest.
constexpr std::size_t kSumRows = 8;

template <typename T>
ECG_INLINE void InterleaveAs(const float* signal, std::size_t channels, std::size_t samples,
                             T* out) {
  for (std::size_t begin = 0; begin < samples; begin += kSamples) {
    const std::size_t end = std::min(begin + kSamples, samples);
    for (std::size_t c = 0; c < channels; ++c) {
      const float* from = signal + c * samples;
      for (std::size_t i = begin; i < end; ++i) Store(out + i * channels + c, from[i]);
    }
  }
}

template <typename T>
ECG_INLINE void MaxPoolAs(const Rows& x, T* out) {
  const std::size_t channels = x.channels;
  const T* in = static_cast<const T*>(x.data);
  for (std::size_t row = 0; row < (x.rows + 1) / 2; ++row) {
    const T* __restrict middle = in + 2 * row * channels;
    const T* __restrict before = row > 0 ? middle - channels : middle;
    const T* __restrict after = 2 * row + 1 < x.rows ? middle + channels : middle;
    T* __restrict to = out + row * channels;
    for (std::size_t c = 0; c < channels; ++c) {
      const float a = Load(before + c), b = Load(middle + c), d = Load(after + c);
      float v = a;
      v = b > v || b != b ? b : v;
      v = d > v || d != d ? d : v;
      Store(to + c, v);
    }
  }
}

template <typename T>
ECG_INLINE void MeanAs(const Rows& x, float* mean, float* scratch) {
  const std::size_t channels = x.channels;
  const T* in = static_cast<const T*>(x.data);
  float* __restrict all = mean;
  float* __restrict sum = scratch;
  std::fill(all, all + channels, 0.0F);
  for (std::size_t begin = 0; begin < x.rows; begin += kSumRows) {
    const std::size_t end = std::min(begin + kSumRows, x.rows);
    std::fill(sum, sum + channels, 0.0F);
    for (std::size_t row = begin; row < end; ++row) {
      const T* __restrict from = in + row * channels;
      for (std::size_t c = 0; c < channels; ++c) sum[c] += Load(from + c);
    }
    for (std::size_t c = 0; c < channels; ++c) all[c] += sum[c];
  }
  for (std::size_t c = 0; c < channels; ++c) all[c] /= static_cast<float>(x.rows);
}

template <typename T>
ECG_INLINE void GateAs(const Rows& x, const T* added, const float* gates, T* out) {
  const std::size_t channels = x.channels;
  const float* __restrict gate = gates;
  for (std::size_t row = 0; row < x.rows; ++row) {
    const T* __restrict from = static_cast<const T*>(x.data) + row * channels;
    const T* __restrict more = added + row * channels;
    T* __restrict to = out + row * channels;
    for (std::size_t c = 0; c < channels; ++c) {
      const float v = Load(from + c) * gate[c] + Load(more + c);
      Store(to + c, v < 0.0F ? 0.0F : v);
    }
  }
}

template <typename T>
ECG_INLINE void BytesOf(const Rows& x, float scale, std::uint8_t* out) {
  const T* __restrict from = static_cast<const T*>(x.data);
  std::uint8_t* __restrict to = out;
  const float factor = 1.0F / scale;
  const std::size_t count = x.rows * x.channels;
  for (std::size_t i = 0; i < count; ++i) {
    const float v = Load(from + i) * factor, positive = v < 0.0F ? 0.0F : v;
    to[i] =
        static_cast<std::uint8_t>(static_cast<int>((positive < 255.0F ? positive : 255.0F) + 0.5F));
  }
}

ECG_VECTOR_CLONES void InterleaveFp32(const float* signal, std::size_t channels,
                                      std::size_t samples, float* out) {
  InterleaveAs(signal, channels, samples, out);
}
ECG_VECTOR_CLONES void InterleaveBf16(const float* signal, std::size_t channels,
                                      std::size_t samples, Bf16* out) {
  InterleaveAs(signal, channels, samples, out);
}
ECG_VECTOR_CLONES void MaxPoolFp32(const Rows& x, float* out) { MaxPoolAs(x, out); }
ECG_VECTOR_CLONES void MaxPoolBf16(const Rows& x, Bf16* out) { MaxPoolAs(x, out); }
ECG_VECTOR_CLONES void MeanFp32(const Rows& x, float* mean, float* scratch) {
  MeanAs<float>(x, mean, scratch);
}
ECG_VECTOR_CLONES void MeanBf16(const Rows& x, float* mean, float* scratch) {
  MeanAs<Bf16>(x, mean, scratch);
}
ECG_VECTOR_CLONES void GateFp32(const Rows& x, const float* added, const float* gate, float* out) {
  GateAs(x, added, gate, out);
}
ECG_VECTOR_CLONES void GateBf16(const Rows& x, const Bf16* added, const float* gate, Bf16* out) {
  GateAs(x, added, gate, out);
}

ECG_VECTOR_CLONES void BytesOfFp32(const Rows& x, float scale, std::uint8_t* out) {
  BytesOf<float>(x, scale, out);
}
ECG_VECTOR_CLONES void BytesOfBf16(const Rows& x, float scale, std::uint8_t* out) {
  BytesOf<Bf16>(x, scale, out);
}

}  // namespace

void InterleaveChannels(const float* signal, std::size_t channels, std::size_t samples,
                        Number number, void* out) {
  number == Number::kBf16 ? InterleaveBf16(signal, channels, samples, static_cast<Bf16*>(out))
                          : InterleaveFp32(signal, channels, samples, static_cast<float*>(out));
}

void MaxPool(const Rows& x, Number number, void* out) {
  number == Number::kBf16 ? MaxPoolBf16(x, static_cast<Bf16*>(out))
                          : MaxPoolFp32(x, static_cast<float*>(out));
}

void Mean(const Rows& x, Number number, float* mean, float* scratch) {
  number == Number::kBf16 ? MeanBf16(x, mean, scratch) : MeanFp32(x, mean, scratch);
}

void GateAndAdd(const Rows& x, const void* added, const float* gate, Number number, void* out) {
  number == Number::kBf16
      ? GateBf16(x, static_cast<const Bf16*>(added), gate, static_cast<Bf16*>(out))
      : GateFp32(x, static_cast<const float*>(added), gate, static_cast<float*>(out));
}

void ToBytes(const Rows& x, Number number, float scale, std::uint8_t* out) {
  number == Number::kBf16 ? BytesOfBf16(x, scale, out) : BytesOfFp32(x, scale, out);
}

void CopyChannels(const Rows& x, Number number, void* to, std::size_t to_channels, std::size_t at) {
  const std::size_t size = SizeOf(number);
  for (std::size_t row = 0; row < x.rows; ++row) {
    std::memcpy(static_cast<char*>(to) + (row * to_channels + at) * size,
                static_cast<const char*>(x.data) + row * x.channels * size, x.channels * size);
  }
}

}  // namespace ecg::runtime
