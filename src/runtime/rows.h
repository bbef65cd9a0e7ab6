// The passes over features between two convolutions. Features are rows, one a position, with the
// channels of a position together; one record at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/runtime/number.h"

namespace ecg::runtime {

// Features of one record: [rows][channels] of their numbers.
struct Rows {
  const void* data = nullptr;
  std::size_t rows = 0;
  std::size_t channels = 0;
};

// float [channels][samples] -> rows.
void InterleaveChannels(const float* signal, std::size_t channels, std::size_t samples,
                        Number number, void* out);

// The largest of three rows around every second one (kernel 3, stride 2, padding 1):
// [rows] -> [(rows + 1) / 2]. NaN wins.
void MaxPool(const Rows& x, Number number, void* out);

// Of all rows: float [channels]; `scratch` is as large.
void Mean(const Rows& x, Number number, float* mean, float* scratch);

// relu(x * gate + added), where `gate` is float [channels]. NaN stays NaN.
void GateAndAdd(const Rows& x, const void* added, const float* gate, Number number, void* out);

// round(x / scale) as a byte, 0 of what is below zero and at most 255; a NaN becomes 255.
void ToBytes(const Rows& x, Number number, float scale, std::uint8_t* out);

// Puts the channels of `x` into rows of `to_channels`, from channel `at` on.
void CopyChannels(const Rows& x, Number number, void* to, std::size_t to_channels, std::size_t at);

}  // namespace ecg::runtime
