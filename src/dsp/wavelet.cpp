#include "ecg/dsp/wavelet.h"

#include <algorithm>
#include <cstddef>

namespace ecg::dsp {
namespace {

// The full convolution of x with {1, 3, 3, 1}/8 spread by `gap`, shifted left by `gap` samples, the
// last `gap` of which keep their values from before the shift.
std::vector<double> Smooth(const std::vector<double>& x, std::size_t gap) {
  const std::size_t n = x.size(), margin = 3 * gap;
  std::vector<double> line(n + 2 * margin, 0.0);
  std::copy(x.begin(), x.end(), line.begin() + static_cast<std::ptrdiff_t>(margin));
  const std::size_t length = n + margin;
  std::vector<double> y(length);
  const double* a = line.data() + gap;  // full convolution at i reads line[i .. i + 3 gap]
  const double* b = a + gap;
  const double* c = b + gap;
  const double* d = c + gap;
  for (std::size_t i = 0; i + gap < length; ++i) {
    y[i] = 0.125 * ((a[i] + d[i]) + 3 * (b[i] + c[i]));
  }
  for (std::size_t i = length - gap; i < length; ++i) {
    const double* p = line.data() + i;
    y[i] = 0.125 * ((p[0] + p[margin]) + 3 * (p[gap] + p[2 * gap]));
  }
  return y;
}

// The detail of smoothed signal s at the same level, its first `count` samples.
std::vector<double> Detail(const std::vector<double>& s, std::size_t gap, std::size_t count) {
  const std::size_t n = s.size();
  std::vector<double> y(count);
  const std::size_t inside = std::min(count, n > gap ? n - gap : 0);
  for (std::size_t i = 0; i < inside; ++i) y[i] = 2 * (s[i + gap] - s[i]);
  // The full convolution has n + gap samples; its last gap ones are not shifted.
  for (std::size_t i = inside; i < count; ++i) y[i] = -2 * s[i];
  return y;
}

}  // namespace

std::vector<std::vector<double>> WaveletDetails(const std::vector<double>& x, int first,
                                                int count) {
  std::vector<std::vector<double>> details;
  std::vector<double> s = x;
  for (int level = 0; level < first + count; ++level) {
    const std::size_t gap = std::size_t{1} << level;
    if (level >= first) details.push_back(Detail(s, gap, x.size()));
    if (level + 1 < first + count) s = Smooth(s, gap);
  }
  return details;
}

}  // namespace ecg::dsp
