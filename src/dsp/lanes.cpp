#include "src/dsp/lanes.h"

#include <algorithm>

#include "src/core/simd.h"
#include "src/dsp/padding.h"

namespace ecg::dsp {
namespace {

Lanes* AsLanes(double* x) { return reinterpret_cast<Lanes*>(x); }
const Lanes* AsLanes(const double* x) { return reinterpret_cast<const Lanes*>(x); }

ECG_VECTOR_CLONES void Average(const double* from, std::size_t samples, std::size_t width,
                               double* to) {
  const Lanes* x = AsLanes(from);
  Lanes* y = AsLanes(to);
  const std::size_t before = width / 2, last = samples - 1;
  const auto size = static_cast<double>(width);
  const auto place = [=](std::size_t i) { return i < before ? 0 : std::min(i - before, last); };
  Lanes sum = {0, 0, 0, 0};
  for (std::size_t i = 0; i < width; ++i) sum += x[place(i)];
  y[0] = sum / size;
  // Where nothing that is added or taken away lies beyond the ends.
  const std::size_t begin = std::min(samples, before + 1), whole = samples + before + 1;
  const std::size_t end = std::clamp(whole > width ? whole - width : 0, begin, samples);
  for (std::size_t i = 1; i < begin; ++i) {
    sum += x[place(i + width - 1)] - x[place(i - 1)];
    y[i] = sum / size;
  }
  for (std::size_t i = begin; i < end; ++i) {
    sum += x[i + width - 1 - before] - x[i - 1 - before];
    y[i] = sum / size;
  }
  for (std::size_t i = end; i < samples; ++i) {
    sum += x[place(i + width - 1)] - x[place(i - 1)];
    y[i] = sum / size;
  }
}

// The signals between their point reflections at both ends, `pad` samples each.
SideBySide ExtendOdd(const SideBySide& x, std::size_t pad) {
  const std::size_t n = x.samples();
  SideBySide out(n + 2 * pad);
  const Lanes* in = AsLanes(x.At(0));
  Lanes* to = AsLanes(out.At(0));
  for (std::size_t i = 0; i < pad; ++i) {
    to[i] = 2.0 * in[0] - in[pad - i];
    to[pad + n + i] = 2.0 * in[n - 1] - in[n - 2 - i];
  }
  std::copy_n(x.At(0), x.Size(), out.At(pad));
  return out;
}

struct State {
  Lanes z1, z2;
};

// As that of filter.cpp, which one template cannot be for both: as its argument Lanes would lose
// their alignment. `states` is room for as many as there are sections.
inline __attribute__((always_inline)) void RunSectionsIn(State* states, const Section* sections,
                                                         std::size_t section_count, double* first,
                                                         std::ptrdiff_t step, std::size_t count) {
  Lanes* p = AsLanes(first);
  Lanes level = *p;
  for (std::size_t k = 0; k < section_count; ++k) {
    const Section& s = sections[k];
    const Lanes out = level * (s.b0 + s.b1 + s.b2) / (1 + s.a1 + s.a2);
    states[k].z2 = s.b2 * level - s.a2 * out;
    states[k].z1 = s.b1 * level - s.a1 * out + states[k].z2;
    level = out;
  }
  for (std::size_t i = 0; i < count; ++i, p += step) {
    Lanes v = *p;
    for (std::size_t k = 0; k < section_count; ++k) {
      const Section& s = sections[k];
      State& z = states[k];
      const Lanes out = s.b0 * v + z.z1;
      z.z1 = s.b1 * v - s.a1 * out + z.z2;
      z.z2 = s.b2 * v - s.a2 * out;
      v = out;
    }
    *p = v;
  }
}

// Three sections, which cleaning takes: their states stay in registers.
ECG_VECTOR_CLONES void RunThree(const Section* sections, double* first, std::ptrdiff_t step,
                                std::size_t count) {
  State states[3];
  RunSectionsIn(states, sections, 3, first, step, count);
}
ECG_VECTOR_CLONES void RunAny(State* states, const Section* sections, std::size_t section_count,
                              double* first, std::ptrdiff_t step, std::size_t count) {
  RunSectionsIn(states, sections, section_count, first, step, count);
}

// Runs every section over the samples from `first` in steps of `step`.
void RunSections(const std::vector<Section>& sections, double* first, std::ptrdiff_t step,
                 std::size_t count) {
  if (sections.size() == 3) return RunThree(sections.data(), first, step, count);
  std::vector<State> states(sections.size());
  RunAny(states.data(), sections.data(), sections.size(), first, step, count);
}

// y[i] = mean of x[i - length + 1 .. i] from `first` in steps of `step`, with the first sample
// before the start.
ECG_VECTOR_CLONES void CausalAverage(const double* from, std::ptrdiff_t step, std::size_t samples,
                                     std::size_t length, double* to) {
  const Lanes* x = AsLanes(from);
  Lanes* y = AsLanes(to);
  const double scale = 1.0 / static_cast<double>(length);
  const Lanes start = *x;
  Lanes sum = start * static_cast<double>(length);
  const auto back = static_cast<std::ptrdiff_t>(length) * step;
  const std::size_t begin = std::min(length, samples);
  for (std::size_t i = 0; i < begin; ++i, x += step, y += step) {
    sum += *x - start;
    *y = sum * scale;
  }
  for (std::size_t i = begin; i < samples; ++i, x += step, y += step) {
    sum += *x - *(x - back);
    *y = sum * scale;
  }
}

// Without `pad` samples at both ends.
SideBySide Middle(const SideBySide& x, std::size_t pad) {
  SideBySide out(x.samples() - 2 * pad);
  std::copy_n(x.At(pad), out.Size(), out.At(0));
  return out;
}

}  // namespace

SideBySide::SideBySide(const double* const* signals, std::size_t count, std::size_t samples)
    : SideBySide(samples) {
  if (count < kLanes) std::fill_n(At(0), Size(), 0.0);
  for (std::size_t lane = 0; lane < count; ++lane) {
    const double* from = signals[lane];
    double* to = At(0) + lane;
    for (std::size_t i = 0; i < samples; ++i) to[i * kLanes] = from[i];
  }
}

std::vector<double> SideBySide::Lane(std::size_t lane) const {
  std::vector<double> signal(samples_);
  const double* from = At(0) + lane;
  for (std::size_t i = 0; i < samples_; ++i) signal[i] = from[i * kLanes];
  return signal;
}

void CentredMovingAverage(const double* x, std::size_t samples, int size, double* y) {
  if (samples == 0 || size < 2) {
    std::copy_n(x, samples * kLanes, y);
    return;
  }
  Average(x, samples, static_cast<std::size_t>(size), y);
}

SideBySide CentredMovingAverage(const SideBySide& x, int size) {
  SideBySide y(x.samples());
  CentredMovingAverage(x.At(0), x.samples(), size, y.At(0));
  return y;
}

SideBySide FiltFilt(const std::vector<Section>& sections, SideBySide x) {
  if (x.samples() == 0 || sections.empty()) return x;
  const std::size_t pad = PadLength(sections, x.samples());
  x = ExtendOdd(x, pad);
  RunSections(sections, x.At(0), 1, x.samples());
  RunSections(sections, x.At(x.samples() - 1), -1, x.samples());
  return Middle(x, pad);
}

SideBySide FiltFiltMovingAverage(SideBySide x, int length) {
  if (x.samples() == 0 || length < 2) return x;
  const auto size = static_cast<std::size_t>(length);
  const std::size_t pad = PadLength(3 * size, x.samples());
  x = ExtendOdd(x, pad);
  SideBySide y(x.samples());
  const std::size_t last = x.samples() - 1;
  CausalAverage(x.At(0), 1, x.samples(), size, y.At(0));
  CausalAverage(y.At(last), -1, x.samples(), size, x.At(last));
  return Middle(x, pad);
}

}  // namespace ecg::dsp
