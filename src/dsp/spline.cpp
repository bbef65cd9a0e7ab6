#include "ecg/dsp/spline.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ecg::dsp {
namespace {

// Spline coefficients for samples mirrored about both ends: a causal and an anticausal recursion
// with the cubic spline's one pole. Two coefficients of that mirror stand on either side.
std::vector<double> SplineCoefficients(const std::vector<double>& x) {
  const double pole = std::sqrt(3.0) - 2;
  const std::size_t n = x.size();
  std::vector<double> padded(n + 4);
  double* c = padded.data() + 2;
  const double gain = (1 - pole) * (1 - 1 / pole);
  // The causal recursion starts from the infinite mirrored past, a sum whose terms beyond double
  // precision are left out.
  const std::size_t period = 2 * (n - 1);
  double start = 0, power = 1;
  for (int k = 0; k < 60; ++k, power *= pole) {
    const std::size_t r = static_cast<std::size_t>(k) % period;
    start += power * x[r < n ? r : period - r];
  }
  c[0] = gain * start;
  for (std::size_t i = 1; i < n; ++i) c[i] = gain * x[i] + pole * c[i - 1];
  c[n - 1] = pole / (pole * pole - 1) * (c[n - 1] + pole * c[n - 2]);
  for (std::size_t i = n - 1; i-- > 0;) c[i] = pole * (c[i + 1] - c[i]);
  for (std::size_t k = 1; k <= 2; ++k) {
    const std::size_t m = std::min(k, n - 1);
    c[-static_cast<std::ptrdiff_t>(k)] = c[m];
    c[n - 1 + k] = c[n - 1 - m];
  }
  return padded;
}

// Derivative at the end of a PCHIP: three-point formula, kept monotone.
double PchipEnd(double h0, double h1, double slope0, double slope1) {
  const double d = ((2 * h0 + h1) * slope0 - h0 * slope1) / (h0 + h1);
  if (d * slope0 <= 0) return 0;
  if (slope0 * slope1 < 0 && std::abs(d) > 3 * std::abs(slope0)) return 3 * slope0;
  return d;
}

std::vector<double> PchipDerivatives(const std::vector<double>& h,
                                     const std::vector<double>& slope) {
  const std::size_t n = h.size() + 1;
  if (n == 2) return {slope[0], slope[0]};
  std::vector<double> d(n);
  d[0] = PchipEnd(h[0], h[1], slope[0], slope[1]);
  d[n - 1] = PchipEnd(h[n - 2], h[n - 3], slope[n - 2], slope[n - 3]);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    if (slope[i - 1] * slope[i] <= 0) continue;
    const double w1 = 2 * h[i] + h[i - 1], w2 = h[i] + 2 * h[i - 1];
    d[i] = (w1 + w2) / (w1 / slope[i - 1] + w2 / slope[i]);
  }
  return d;
}

}  // namespace

std::vector<double> SplineZoom(const std::vector<double>& x, std::size_t count,
                               std::vector<double> reused) {
  std::vector<double> y = std::move(reused);
  y.resize(x.empty() ? 0 : count);
  if (x.size() < 2 || count < 2) {
    if (!x.empty()) std::fill(y.begin(), y.end(), x.front());
    return y;
  }
  const std::vector<double> padded = SplineCoefficients(x);
  const double step = static_cast<double>(x.size() - 1) / static_cast<double>(count - 1);
  std::size_t i = 0;
  for (std::size_t k = 0; k + 1 < x.size() && i < count; ++k) {
    // On [k, k + 1] the spline is a cubic in t = position - k.
    const double c0 = padded[k + 1], c1 = padded[k + 2], c2 = padded[k + 3], c3 = padded[k + 4];
    const double p0 = (c0 + 4 * c1 + c2) / 6, p1 = (c2 - c0) / 2;
    const double p2 = (c0 - 2 * c1 + c2) / 2, p3 = (c3 - c0 + 3 * (c1 - c2)) / 6;
    const auto left = static_cast<double>(k);
    const bool last = k + 2 == x.size();
    for (; i < count; ++i) {
      const double t = static_cast<double>(i) * step - left;
      if (t >= 1 && !last) break;
      y[i] = p0 + t * (p1 + t * (p2 + t * p3));
    }
  }
  return y;
}

double MeanOfInversePchip(const std::vector<int>& at, const std::vector<double>& y,
                          std::size_t length) {
  std::vector<double> h, slope;
  for (std::size_t i = 0; i + 1 < at.size(); ++i) {
    h.push_back(at[i + 1] - at[i]);
    slope.push_back((y[i + 1] - y[i]) / h.back());
  }
  const std::vector<double> d = PchipDerivatives(h, slope);
  double sum = at.front() / y.front() + (static_cast<double>(length) - at.back()) / y.back();
  for (std::size_t i = 0; i < h.size(); ++i) {
    const double c2 = (3 * slope[i] - 2 * d[i] - d[i + 1]) / h[i];
    const double c3 = (d[i] + d[i + 1] - 2 * slope[i]) / (h[i] * h[i]);
    for (int k = 0; k < at[i + 1] - at[i]; ++k) sum += 1 / (y[i] + k * (d[i] + k * (c2 + k * c3)));
  }
  return sum / static_cast<double>(length);
}

}  // namespace ecg::dsp
