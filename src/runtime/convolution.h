// Convolutions over rows by oneDNN. Its interface, what differs between its versions 2 and 3 among
// it, is known to convolution.cpp alone.
#pragma once

#include <cstddef>
#include <memory>

#include "src/runtime/number.h"
#include "src/runtime/weights.h"

namespace ecg::runtime {

// Padded by half the kernel, which is odd, on both sides: [rows][in] -> [ceil(rows / stride)][out].
struct ConvolutionShape {
  std::size_t in = 0, out = 0;
  std::size_t kernel = 1, stride = 1;
  std::size_t rows = 0;

  std::size_t rows_out() const { return (rows + stride - 1) / stride; }
};

// While one lives, oneDNN works in the calling thread alone: threads are ours to divide. To be held
// wherever a convolution is made or called.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

// Whether this processor multiplies bf16 natively (AVX512-BF16 or AMX), and whether it can at all:
// elsewhere oneDNN has no convolutions in bf16.
bool HasNativeBf16();
bool CanBf16();

// The largest weight of a convolution of bytes: 127, or 63 where the processor lacks instructions
// for them (VNNI, AMX): there two products are added in 16 bits, which larger weights would pass.
// 0 where oneDNN has no such convolutions but its plain loops.
int LargestByteWeight();

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

}  // namespace ecg::runtime
