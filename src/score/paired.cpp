#include "ecg/score/paired.h"

#include <algorithm>
#include <cmath>

namespace ecg::score {

double McNemar(std::uint64_t first_alone, std::uint64_t second_alone) {
  const auto n = static_cast<double>(first_alone + second_alone);
  const std::uint64_t fewer = std::min(first_alone, second_alone);
  // Logarithms: a power of two below 2^-1074 is no double.
  double tail = 0;
  for (std::uint64_t k = 0; k <= fewer; ++k) {
    const auto i = static_cast<double>(k);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) -
                     n * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
}

}  // namespace ecg::score
