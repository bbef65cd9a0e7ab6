// Convolutions over rows, for prediction.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "src/onednn/number.h"

namespace ecg::onednn {

// Padded by half the kernel, which is odd, on both sides: [rows][in] -> [ceil(rows / stride)][out].
struct ConvolutionShape {
  std::size_t in = 0, out = 0;
  std::size_t kernel = 1, stride = 1;
  std::size_t rows = 0;

  std::size_t rows_out() const { return (rows + stride - 1) / stride; }
};

struct ConvolutionWeights {
  std::vector<float> weights;  // [out][in][kernel]
  std::vector<float> bias;     // [out]
};

// What a 1 stands for in features that are bytes.
struct ByteScales {
  float in = 1, out = 1;
};

// A convolution with its weights in the order that oneDNN likes; never changes. Throws Exception
// (kInternal) where oneDNN fails.
class Convolution {
 public:
  // `relu` keeps a NaN, and of what is below zero a share of 1e-30. Of bytes, weights are rounded
  // to bytes with a scale for each channel of the output; they must be finite.
  Convolution(const ConvolutionShape& shape, const ConvolutionWeights& weights, bool relu,
              Number in, Number out, const ByteScales& scales = {});
  ~Convolution();
  Convolution(Convolution&&) noexcept;
  Convolution& operator=(Convolution&&) noexcept;

  const ConvolutionShape& shape() const;

  // Its output for some windows that lie one after the other, from and to places that stay the
  // same.
  class Call {
   public:
    Call(const Convolution& convolution, std::size_t windows, const void* in, void* out);
    ~Call();
    Call(Call&&) noexcept;

    std::size_t ScratchBytes() const;
    // `scratch` has so many bytes, aligned to 64.
    void Run(void* scratch) const;

   private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
  };

 private:
  struct Packed;
  std::unique_ptr<Packed> packed_;
};

}  // namespace ecg::onednn
