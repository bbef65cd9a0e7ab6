// The numbers that features are made of.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ecg::onednn {

enum class Number {
  kFp32,
  kBf16,
  kUint8,  // times a scale that the layer knows; of what a relu leaves
};

inline std::size_t SizeOf(Number number) {
  return number == Number::kUint8 ? 1 : number == Number::kBf16 ? 2 : 4;
}

struct Bf16 {
  std::uint16_t bits;
};

}  // namespace ecg::onednn
