#include "src/data/sim/vector.h"

#include <algorithm>
#include <cmath>

namespace ecg::sim {

void AddKernel(const Kernel& kernel, double rate, VectorCardiogram& vcg) {
  constexpr double kReach = 4.5;  // widths; what is cut off is below 5e-5 of the moment
  const double samples = static_cast<double>(vcg.samples());
  const double first = std::ceil((kernel.time - kReach * kernel.width) * rate);
  const double last = std::floor((kernel.time + kReach * kernel.width) * rate);
  if (last < 0 || first >= samples) return;
  const auto begin = static_cast<std::size_t>(std::max(0.0, first));
  const auto end = static_cast<std::size_t>(std::min(samples - 1, last));
  const double scale = 1.0 / (rate * kernel.width);
  const double centre = kernel.time / kernel.width;
  for (std::size_t i = begin; i <= end; ++i) {
    const double u = static_cast<double>(i) * scale - centre;
    const double g = std::exp(-0.5 * u * u);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      vcg.axes[axis][i] += kernel.moment[static_cast<Eigen::Index>(axis)] * g;
    }
  }
}

}  // namespace ecg::sim
