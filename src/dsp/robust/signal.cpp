#include "src/dsp/robust/signal.h"

#include <algorithm>
#include <cmath>

#include "src/core/simd.h"

namespace ecg::dsp::robust {
namespace {

// Where both lie within the signal.
ECG_VECTOR_CLONES void BendMiddle(const double* x, std::size_t count, std::size_t reach,
                                  double* bends) {
  const double *before = x - reach, *after = x + reach;
  for (std::size_t i = 0; i < count; ++i) bends[i] = x[i] - 0.5 * (before[i] + after[i]);
}

ECG_VECTOR_CLONES void Roots(double* x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) x[i] = std::sqrt(std::max(0.0, x[i]));
}

}  // namespace

void TakeRoots(double* x, std::size_t count) { Roots(x, count); }

void Bend(const Signal& x, int reach, double* bends) {
  const int n = Size(x), begin = std::min(n, reach), end = std::max(begin, n - reach);
  const auto at_edge = [&](int i) {
    bends[i] = At(x, i) - 0.5 * (At(x, std::max(0, i - reach)) + At(x, std::min(n - 1, i + reach)));
  };
  for (int i = 0; i < begin; ++i) at_edge(i);
  BendMiddle(x.data() + begin, static_cast<std::size_t>(end - begin),
             static_cast<std::size_t>(reach), bends + begin);
  for (int i = end; i < n; ++i) at_edge(i);
}

}  // namespace ecg::dsp::robust
