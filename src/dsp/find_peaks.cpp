#include "ecg/dsp/find_peaks.h"

#include <algorithm>

namespace ecg::dsp {

namespace {

// The first local maximum at or after `from` (at least 1); -1 where there is none. `next` is where
// to go on.
int NextLocalMaximum(const double* x, std::size_t count, std::size_t from, std::size_t* next) {
  for (std::size_t i = from; i + 1 < count;) {
    if (!(x[i - 1] < x[i])) {
      ++i;
      continue;
    }
    std::size_t ahead = i + 1;
    while (ahead + 1 < count && x[ahead] == x[i]) ++ahead;
    if (x[ahead] < x[i]) {
      *next = ahead;
      return static_cast<int>((i + ahead - 1) / 2);
    }
    i = ahead;
  }
  return -1;
}

}  // namespace

std::vector<int> LocalMaxima(const double* x, std::size_t count) {
  std::vector<int> peaks;
  std::size_t next = 1;
  for (int peak; (peak = NextLocalMaximum(x, count, next, &next)) >= 0;) peaks.push_back(peak);
  return peaks;
}

int FirstLocalMaximum(const double* x, std::size_t count) {
  std::size_t next = 1;
  return NextLocalMaximum(x, count, next, &next);
}

int LastLocalMaximum(const double* x, std::size_t count) {
  if (count < 3) return -1;
  for (std::size_t i = count - 2; i > 0;) {
    if (!(x[i] > x[i + 1])) {
      --i;
      continue;
    }
    std::size_t left = i;
    while (left > 0 && x[left - 1] == x[i]) --left;
    if (left > 0 && x[left - 1] < x[i]) return static_cast<int>((left + i) / 2);
    i = left > 0 ? left - 1 : 0;
  }
  return -1;
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
