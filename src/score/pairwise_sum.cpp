#include "src/score/pairwise_sum.h"

#include <cmath>
#include <limits>
#include <utility>

namespace ecg::score {

double PairwiseSum(const double* values, std::size_t count) {
  constexpr std::size_t kLanes = 8, kBlock = 128;
  if (count > kBlock) {
    const std::size_t half = count / 2 / kLanes * kLanes;
    return PairwiseSum(values, half) + PairwiseSum(values + half, count - half);
  }
  double sum = 0;
  std::size_t i = 0;
  if (count >= kLanes) {
    double lane[kLanes];
    for (; i < kLanes; ++i) lane[i] = values[i];
    for (; i + kLanes <= count; i += kLanes) {
      for (std::size_t j = 0; j < kLanes; ++j) lane[j] += values[i + j];
    }
    sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
  }
  for (; i < count; ++i) sum += values[i];
  return sum;
}

double NanSum(std::vector<double> values) {
  for (double& value : values) {
    if (std::isnan(value)) value = 0;
  }
  return PairwiseSum(values.data(), values.size());
}

double NanMean(const std::vector<double>& values) {
  std::size_t count = 0;
  for (const double value : values) count += std::isnan(value) ? 0 : 1;
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  return NanSum(values) / static_cast<double>(count);
}

}  // namespace ecg::score
