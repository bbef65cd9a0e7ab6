#include "ecg/dsp/find_peaks.h"

#include <algorithm>

namespace ecg::dsp {

std::vector<int> LocalMaxima(const double* x, std::size_t count) {
  std::vector<int> peaks;
  for (std::size_t i = 1; i + 1 < count;) {
    if (!(x[i - 1] < x[i])) {
      ++i;
      continue;
    }
    std::size_t ahead = i + 1;
    while (ahead + 1 < count && x[ahead] == x[i]) ++ahead;
    if (x[ahead] < x[i]) {
      peaks.push_back(static_cast<int>((i + ahead - 1) / 2));
    }
    i = ahead;
  }
  return peaks;
}

std::vector<int> LocalMaxima(const std::vector<double>& x) {
  return LocalMaxima(x.data(), x.size());
}

double Prominence(const double* x, std::size_t count, int peak) {
  const int n = static_cast<int>(count);
  const double height = x[peak];
  double left = height;
  for (int i = peak; i >= 0 && x[i] <= height; --i) left = std::min(left, x[i]);
  double right = height;
  for (int i = peak; i < n && x[i] <= height; ++i) right = std::min(right, x[i]);
  return height - std::max(left, right);
}

}  // namespace ecg::dsp
