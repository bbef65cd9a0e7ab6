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

ECG_VECTOR_CLONES void Squares(double* x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) x[i] *= x[i];
}

// double [samples][lanes], of one signal or several side by side.
void BendAll(const double* x, std::size_t samples, std::size_t lanes, int reach, double* bends) {
  const std::size_t far = std::min(samples, static_cast<std::size_t>(reach));
  const std::size_t begin = far, end = std::max(begin, samples - far);
  const auto at_edge = [&](std::size_t i) {
    const double* before = x + (i < far ? 0 : i - far) * lanes;
    const double* after = x + std::min(samples - 1, i + far) * lanes;
    for (std::size_t k = 0; k < lanes; ++k) {
      bends[i * lanes + k] = x[i * lanes + k] - 0.5 * (before[k] + after[k]);
    }
  };
  for (std::size_t i = 0; i < begin; ++i) at_edge(i);
  BendMiddle(x + begin * lanes, (end - begin) * lanes, far * lanes, bends + begin * lanes);
  for (std::size_t i = end; i < samples; ++i) at_edge(i);
}

}  // namespace

void TakeRoots(double* x, std::size_t count) { Roots(x, count); }
void Square(double* x, std::size_t count) { Squares(x, count); }

Signal Bend(const Signal& x, int reach) {
  Signal bends(x.size());
  BendAll(x.data(), x.size(), 1, reach, bends.data());
  return bends;
}

SideBySide Bend(const SideBySide& x, int reach) {
  SideBySide bends(x.samples());
  BendAll(x.At(0), x.samples(), kLanes, reach, bends.At(0));
  return bends;
}

}  // namespace ecg::dsp::robust
