#include "ecg/dsp/filter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>

#include "src/dsp/padding.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

constexpr double kPi = 3.14159265358979323846;

enum class Band { kLow, kHigh };

// Poles of the analogue prototype come in conjugate pairs, and one real pole where the order is
// odd; each makes one section.
std::vector<Section> Butterworth(Band band, int order, double cutoff_hz, double fs) {
  std::vector<Section> sections;
  if (!(cutoff_hz > 0) || !(cutoff_hz < fs / 2)) return sections;
  const double warped = std::tan(kPi * cutoff_hz / fs);
  for (int k = 0; k < (order + 1) / 2; ++k) {
    const double angle = kPi * (2 * k + order + 1) / (2 * order);
    const std::complex<double> prototype = std::polar(1.0, angle);
    const std::complex<double> analogue =
        band == Band::kLow ? warped * prototype : warped / prototype;
    const std::complex<double> pole = (1.0 + analogue) / (1.0 - analogue);
    const double zero = band == Band::kLow ? -1 : 1;  // both zeros lie there
    Section s;
    if (2 * k + 1 == order) {
      s = {1, -zero, 0, -pole.real(), 0};
    } else {
      s = {1, -2 * zero, 1, -2 * pole.real(), std::norm(pole)};
    }
    // Unit gain at z = 1 (low-pass) or z = -1 (high-pass).
    const double z = -zero;
    const double gain = (1 + s.a1 * z + s.a2) / (s.b0 + s.b1 * z + s.b2);
    s.b0 *= gain;
    s.b1 *= gain;
    s.b2 *= gain;
    sections.push_back(s);
  }
  return sections;
}

// The signal between its point reflections at both ends, `pad` samples each.
std::vector<double> ExtendOdd(const std::vector<double>& x, std::size_t pad) {
  const std::size_t n = x.size();
  std::vector<double> out(n + 2 * pad);
  for (std::size_t i = 0; i < pad; ++i) {
    out[i] = 2 * x[0] - x[pad - i];
    out[pad + n + i] = 2 * x[n - 1] - x[n - 2 - i];
  }
  std::copy(x.begin(), x.end(), out.begin() + static_cast<std::ptrdiff_t>(pad));
  return out;
}

// Runs every section over the samples from `first` in steps of `step` (1 or -1), in place, in
// transposed direct form II. The state starts as if first[0] had come for ever.
void RunSections(const std::vector<Section>& sections, double* first, std::ptrdiff_t step,
                 std::size_t count) {
  struct State {
    double z1, z2;
  };
  std::vector<State> states;
  double level = first[0];
  for (const Section& s : sections) {
    const double out = level * (s.b0 + s.b1 + s.b2) / (1 + s.a1 + s.a2);
    const double z2 = s.b2 * level - s.a2 * out;
    states.push_back({s.b1 * level - s.a1 * out + z2, z2});
    level = out;
  }
  // Section by section within a sample: their recursions are independent of each other, so the
  // processor overlaps them.
  double* p = first;
  for (std::size_t i = 0; i < count; ++i, p += step) {
    double v = *p;
    for (std::size_t k = 0; k < sections.size(); ++k) {
      const Section& s = sections[k];
      State& z = states[k];
      const double out = s.b0 * v + z.z1;
      z.z1 = s.b1 * v - s.a1 * out + z.z2;
      z.z2 = s.b2 * v - s.a2 * out;
      v = out;
    }
    *p = v;
  }
}

// y[i] = mean of x[i - length + 1 .. i], with x[0] before the start.
std::vector<double> CausalMovingAverage(const std::vector<double>& x, std::size_t length) {
  const std::size_t n = x.size();
  const double scale = 1.0 / static_cast<double>(length);
  std::vector<double> y(n);
  double sum = x[0] * static_cast<double>(length);
  for (std::size_t i = 0; i < n; ++i) {
    sum += x[i] - (i >= length ? x[i - length] : x[0]);
    y[i] = sum * scale;
  }
  return y;
}

}  // namespace

std::vector<Section> ButterworthHighPass(int order, double cutoff_hz, double fs) {
  return Butterworth(Band::kHigh, order, cutoff_hz, fs);
}

std::vector<Section> ButterworthLowPass(int order, double cutoff_hz, double fs) {
  return Butterworth(Band::kLow, order, cutoff_hz, fs);
}

std::vector<double> FiltFilt(const std::vector<Section>& sections, const std::vector<double>& x) {
  if (x.empty() || sections.empty()) return x;
  const std::size_t pad = PadLength(sections, x.size());
  std::vector<double> y = ExtendOdd(x, pad);
  RunSections(sections, y.data(), 1, y.size());
  RunSections(sections, y.data() + y.size() - 1, -1, y.size());
  return {y.begin() + static_cast<std::ptrdiff_t>(pad), y.end() - static_cast<std::ptrdiff_t>(pad)};
}

std::vector<double> FiltFiltMovingAverage(const std::vector<double>& x, int length) {
  if (x.empty() || length < 2) return x;
  const auto size = static_cast<std::size_t>(length);
  const std::size_t pad = AveragePadLength(size, x.size());
  std::vector<double> y = CausalMovingAverage(ExtendOdd(x, pad), size);
  std::reverse(y.begin(), y.end());
  y = CausalMovingAverage(y, size);
  std::reverse(y.begin(), y.end());
  return {y.begin() + static_cast<std::ptrdiff_t>(pad), y.end() - static_cast<std::ptrdiff_t>(pad)};
}

std::vector<double> CentredMovingAverage(const std::vector<double>& x, int size) {
  if (x.empty() || size < 2) return x;
  const auto width = static_cast<std::size_t>(size);
  const std::size_t before = width / 2;
  const std::size_t last = x.size() - 1;
  // Sample i - before; the first and the last one stand for those beyond.
  const auto at = [&](std::size_t i) { return x[i < before ? 0 : std::min(i - before, last)]; };
  std::vector<double> y(x.size());
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i) sum += at(i);
  y[0] = sum / size;
  const auto step_at_edge = [&](std::size_t i) {
    sum += at(i + width - 1) - at(i - 1);
    y[i] = sum / size;
  };
  // Between them nothing that is added or taken away lies beyond the ends.
  const std::size_t begin = std::min(x.size(), before + 1), whole = x.size() + before + 1;
  const std::size_t end = std::clamp(whole > width ? whole - width : 0, begin, x.size());
  for (std::size_t i = 1; i < begin; ++i) step_at_edge(i);
  const double *added = x.data() + (width - 1 - before), *taken = x.data();
  for (std::size_t i = begin; i < end; ++i) {
    sum += added[i] - taken[i - 1 - before];
    y[i] = sum / size;
  }
  for (std::size_t i = end; i < x.size(); ++i) step_at_edge(i);
  return y;
}

std::vector<double> Gradient(const std::vector<double>& x) {
  const std::size_t n = x.size();
  std::vector<double> y(n, 0.0);
  if (n < 2) return y;
  y[0] = x[1] - x[0];
  for (std::size_t i = 1; i + 1 < n; ++i) y[i] = (x[i + 1] - x[i - 1]) / 2;
  y[n - 1] = x[n - 1] - x[n - 2];
  return y;
}

std::vector<double> FillGaps(const std::vector<double>& x) {
  if (AllFinite(x.data(), x.size())) return x;
  const auto first = std::find_if(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
  if (first == x.end()) return {};
  std::vector<double> y(x.size());
  double last = *first;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i])) last = x[i];
    y[i] = last;
  }
  return y;
}

}  // namespace ecg::dsp
