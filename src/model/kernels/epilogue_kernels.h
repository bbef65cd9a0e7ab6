// The passes over memory that normalisation, activation, gates and dropout are made of, for
// features as [rows][channels], channels together: one pass each, in fp32 or bf16. Without
// LibTorch.
//
// With coefficients of each channel a block of features becomes
//   y = dropout(relu(h * scale + r * residual_scale + bias)),
// where h is what a convolution gave and r, which may be missing, a shortcut. Normalisation, and
// the gate of squeeze-and-excitation, are such coefficients, made of the sums of h and of h
// squared.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ecg::nn {

struct Bf16 {
  std::uint16_t bits;
};

// A part of a tensor, of float (bf16 false) or Bf16.
struct Rows {
  const void* data = nullptr;
  std::size_t rows = 0;
  std::size_t channels = 0;
  bool bf16 = false;
};

struct Dropout {
  float probability = 0;  // of an element becoming zero; the others grow by 1 / (1 - probability)
  std::uint64_t key = 0;  // what is dropped follows from it and the element's place
};

// Adds up each channel: double [channels] each.
void AddMoments(const Rows& x, double* sums, double* squares);

// Coefficients by channel; `residual_scale` null stands for ones.
struct Epilogue {
  const float* scale = nullptr;
  const float* bias = nullptr;
  const float* residual_scale = nullptr;
  bool relu = true;
  Dropout dropout;
};

// `residual` null: there is none. y has the shape and type of h.
void ApplyEpilogue(const Rows& h, const void* residual, const Epilogue& sum, void* y);

// What the gradient of y says of the coefficients, added to float [channels] each; `y` is the
// result, from which what relu and dropout let through can be seen.
void AddCoefficientGradients(const Rows& h, const void* residual, const Epilogue& sum,
                             const void* y, const void* gradient, float* scale, float* bias,
                             float* residual_scale);

// How the gradient goes back to an input: dz * scale + offset + input * slope, where dz is what
// came through relu and dropout; null offset and slope stand for zeros, a null scale for ones.
struct InputGradient {
  const float* scale = nullptr;
  const float* offset = nullptr;
  const float* slope = nullptr;
  void* out = nullptr;
};
void WriteInputGradients(const Rows& h, const void* residual, const Epilogue& sum, const void* y,
                         const void* gradient, const InputGradient& to_h,
                         const InputGradient& to_residual);

// The largest of three rows around every second one (kernel 3, stride 2, padding 1):
// [rows] -> [(rows + 1) / 2]; NaN wins. The gradient goes to the first that is largest.
void MaxPoolRows(const Rows& x, void* y);
void MaxPoolGradient(const Rows& x, const void* y, const void* gradient, void* out);

}  // namespace ecg::nn
