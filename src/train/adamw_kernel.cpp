#include "src/train/adamw_kernel.h"

#include <cmath>

#include "src/core/simd.h"

namespace ecg::train {

ECG_VECTOR_CLONES void MoveByAdamW(const AdamWStep& step, std::size_t count,
                                   const float* __restrict gradients, float* __restrict parameters,
                                   float* __restrict first, float* __restrict second) {
  const AdamWStep s = step;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradients[i];
    const float mean = first[i] * s.first + (1 - s.first) * g;
    const float square = second[i] * s.second + (1 - s.second) * g * g;
    first[i] = mean;
    second[i] = square;
    parameters[i] =
        parameters[i] * s.keep - s.rate * mean / (std::sqrt(square) * s.deviation + s.epsilon);
  }
}

}  // namespace ecg::train
