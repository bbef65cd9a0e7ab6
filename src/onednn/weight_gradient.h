// The gradient of a convolution's weights in bf16 as products of matrices, one for each place of
// the kernel: on processors with AMX oneDNN's own way takes three to ten times as long as the
// convolution itself.
#pragma once

#include <cstddef>

namespace ecg::onednn {

// Padded by half the kernel, which is odd, on both sides; no strides.
struct WeightGradientShape {
  std::size_t records = 0, rows = 0;  // rows of each record
  std::size_t in = 0, out = 0;        // channels
  std::size_t kernel = 1;

  friend bool operator<(const WeightGradientShape& a, const WeightGradientShape& b);
};

// Whether it pays here.
bool WeightGradientPays(const WeightGradientShape& shape);

// x bf16 [records][rows][in], the features, and y bf16 [records][rows][out], the gradient of the
// result -> float [out][kernel][in], summed in single precision. Any processor for which oneDNN
// multiplies bf16. Throws Exception (kInternal) where oneDNN fails.
void WeightGradient(const WeightGradientShape& shape, const void* x, const void* y,
                    float* gradient);

}  // namespace ecg::onednn
