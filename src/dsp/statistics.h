// The middle of values and how they are spread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace ecg::dsp {

bool AllFinite(const double* values, std::size_t count);

// Those of `count` samples that are finite.
std::vector<double> FiniteOf(const float* samples, std::size_t count);

// The median as everyone means it: of an even number of values the mean of the middle two. NaN of
// no values.
inline double Median(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

// The value that a share q of all `values`, which must not be empty, comes before in their order;
// for q = 1 the greatest. It is always one of them, of an even number the upper median.
double Quantile(std::vector<double>&& values, double q);
double Quantile(const std::vector<double>& values, double q);

// How far `values`, which must not be empty, spread when a share `tail` at either end does not
// count: from their quantile `tail` to 1 - `tail`.
double Spread(const std::vector<double>& values, double tail);

}  // namespace ecg::dsp
