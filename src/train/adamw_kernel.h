// One step of AdamW over a stretch of numbers, in one pass; without LibTorch.
#pragma once

#include <cstddef>

namespace ecg::train {

struct AdamWStep {
  float keep = 1;       // 1 - learning rate x weight decay
  float first = 0;      // decay of the gradients' mean
  float second = 0;     // of their squares' mean
  float rate = 0;       // learning rate / (1 - first^steps)
  float deviation = 1;  // 1 / sqrt(1 - second^steps)
  float epsilon = 0;
};

// All [count]; moves parameters and moments.
void MoveByAdamW(const AdamWStep& step, std::size_t count, const float* gradients,
                 float* parameters, float* first, float* second);

}  // namespace ecg::train
