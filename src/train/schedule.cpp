#include "ecg/train/schedule.h"

#include <algorithm>
#include <cmath>

namespace ecg::train {

double LearningRate(double peak, std::size_t step, std::size_t warmup_steps,
                    std::size_t total_steps) {
  if (step < warmup_steps) {
    return peak * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  }
  const double done = static_cast<double>(step - warmup_steps + 1);
  const double all = static_cast<double>(std::max(total_steps, warmup_steps + 1) - warmup_steps);
  return 0.5 * peak * (1 + std::cos(M_PI * std::min(1.0, done / all)));
}

}  // namespace ecg::train
