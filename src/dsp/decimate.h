// Fewer samples where the search needs no more.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace ecg::dsp {

// The mean of each `group` samples; a rest that fills no group is left out.
inline std::vector<double> Decimate(const std::vector<double>& x, std::size_t group) {
  if (group < 2) return x;
  std::vector<double> y(x.size() / group);
  for (std::size_t i = 0; i < y.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < group; ++k) sum += x[i * group + k];
    y[i] = sum / static_cast<double>(group);
  }
  return y;
}

inline std::vector<double> Decimate(std::vector<double>&& x, std::size_t group) {
  if (group < 2) return std::move(x);
  return Decimate(static_cast<const std::vector<double>&>(x), group);
}

}  // namespace ecg::dsp
