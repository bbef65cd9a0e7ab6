// The learning rate over a run (paper section 2.7).
#pragma once

#include <cstddef>

namespace ecg::train {

// Rises linearly to `peak` over the warm-up's steps, reached at its last one, then falls to zero
// along a cosine by the last step of all.
double LearningRate(double peak, std::size_t step, std::size_t warmup_steps,
                    std::size_t total_steps);

}  // namespace ecg::train
