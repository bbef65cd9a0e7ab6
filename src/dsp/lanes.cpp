#include "src/dsp/lanes.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "src/core/simd.h"
#include "src/dsp/padding.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

Lanes* AsLanes(double* x) { return reinterpret_cast<Lanes*>(x); }
const Lanes* AsLanes(const double* x) { return reinterpret_cast<const Lanes*>(x); }

// value / size for whole sizes below 2^26, to the last bit, in half the time that processors take
// to divide: what the product with 1 / size leaves is known exactly in two parts, and put right.
inline __attribute__((always_inline)) void Divide(const Lanes& value, double size, double inverse,
                                                  Lanes* result) {
  using Bits = std::int64_t __attribute__((vector_size(sizeof(Lanes)), may_alias));
  constexpr std::int64_t kUpper = ~((std::int64_t{1} << 26) - 1);
  const Lanes quotient = value * inverse;
  const Lanes upper = reinterpret_cast<Lanes>(reinterpret_cast<Bits>(quotient) & kUpper);
  const Lanes rest = (value - upper * size) - (quotient - upper) * size;
  *result = quotient + rest * inverse;
}

ECG_VECTOR_CLONES void Average(const double* from, std::size_t samples, std::size_t width,
                               double* to) {
  const Lanes* x = AsLanes(from);
  Lanes* y = AsLanes(to);
  const std::size_t before = width / 2, last = samples - 1;
  const auto size = static_cast<double>(width);
  const double inverse = 1.0 / size;
  const auto place = [=](std::size_t i) { return i < before ? 0 : std::min(i - before, last); };
  Lanes sum = {0, 0, 0, 0};
  for (std::size_t i = 0; i < width; ++i) sum += x[place(i)];
  Divide(sum, size, inverse, &y[0]);
  // Where nothing that is added or taken away lies beyond the ends.
  const std::size_t begin = std::min(samples, before + 1), whole = samples + before + 1;
  const std::size_t end = std::clamp(whole > width ? whole - width : 0, begin, samples);
  for (std::size_t i = 1; i < begin; ++i) {
    sum += x[place(i + width - 1)] - x[place(i - 1)];
    Divide(sum, size, inverse, &y[i]);
  }
  for (std::size_t i = begin; i < end; ++i) {
    sum += x[i + width - 1 - before] - x[i - 1 - before];
    Divide(sum, size, inverse, &y[i]);
  }
  for (std::size_t i = end; i < samples; ++i) {
    sum += x[place(i + width - 1)] - x[place(i - 1)];
    Divide(sum, size, inverse, &y[i]);
  }
}

// The same signals with room for a margin.
SideBySide WithMargin(SideBySide x, std::size_t margin) {
  if (x.margin() >= margin) return x;
  SideBySide out(x.samples(), margin);
  std::copy_n(x.At(0), x.Size(), out.At(0));
  return out;
}

// Point reflections of the signals in the first and last `pad` samples of the margin next to them.
void ExtendOdd(SideBySide& x, std::size_t pad) {
  Lanes* first = AsLanes(x.At(0));
  Lanes* last = first + x.samples() - 1;
  for (std::size_t i = 1; i <= pad; ++i) {
    *(first - i) = 2.0 * *first - *(first + i);
    *(last + i) = 2.0 * *last - *(last - i);
  }
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

// Several signals to one [samples][kLanes], and back.
ECG_VECTOR_CLONES void Interleave(const double* a, const double* b, const double* c,
                                  const double* d, std::size_t samples, double* to) {
  static_assert(kLanes == 4);
  for (std::size_t i = 0; i < samples; ++i) {
    to[i * kLanes] = a[i];
    to[i * kLanes + 1] = b[i];
    to[i * kLanes + 2] = c[i];
    to[i * kLanes + 3] = d[i];
  }
}
ECG_VECTOR_CLONES void Separate(const double* from, std::size_t samples, double* a, double* b,
                                double* c, double* d) {
  for (std::size_t i = 0; i < samples; ++i) {
    a[i] = from[i * kLanes];
    b[i] = from[i * kLanes + 1];
    c[i] = from[i * kLanes + 2];
    d[i] = from[i * kLanes + 3];
  }
}

// Medians at kLanes samples from `at` on; `room` is for `count` of them.
ECG_VECTOR_CLONES void MediansAt(const double* const* signals, std::size_t count, std::size_t at,
                                 Lanes* room, double* median) {
  for (std::size_t i = 0; i < count; ++i) Insert(*AsLanes(signals[i] + at), room, i);
  const Lanes upper = room[count / 2];
  *AsLanes(median) = count % 2 == 1 ? upper : (upper + room[count / 2 - 1]) / 2.0;
}

}  // namespace

SideBySide::SideBySide(const std::vector<double>* signals, std::size_t count, std::size_t margin)
    : SideBySide(signals[0].size(), margin) {
  const std::vector<double> nothing(count < kLanes ? samples_ : 0, 0.0);
  const auto of = [&](std::size_t lane) {
    return lane < count ? signals[lane].data() : nothing.data();
  };
  Interleave(of(0), of(1), of(2), of(3), samples_, At(0));
}

std::vector<std::vector<double>> SideBySide::Apart(std::size_t count) const {
  std::vector<std::vector<double>> signals;
  for (std::size_t lane = 0; lane < kLanes; ++lane) signals.emplace_back(samples_);
  Separate(At(0), samples_, signals[0].data(), signals[1].data(), signals[2].data(),
           signals[3].data());
  signals.resize(count);
  return signals;
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

void MedianAcross(const double* const* signals, std::size_t count, std::size_t samples,
                  double* median) {
  if (count == 0 || samples < kLanes) {
    for (std::size_t i = 0; i < samples; ++i) {
      std::vector<double> values;
      for (std::size_t k = 0; k < count; ++k) values.push_back(signals[k][i]);
      median[i] = Median(std::move(values));
    }
    return;
  }
  SideBySide room(count);
  for (std::size_t i = 0; i < samples; i += kLanes) {
    // The last ones once more where they are no multiple.
    const std::size_t at = std::min(i, samples - kLanes);
    MediansAt(signals, count, at, AsLanes(room.At(0)), median + at);
  }
}

SideBySide FiltFilt(const std::vector<Section>& sections, SideBySide x) {
  if (x.samples() == 0 || sections.empty()) return x;
  const std::size_t pad = PadLength(sections, x.samples()), count = x.samples() + 2 * pad;
  x = WithMargin(std::move(x), pad);
  ExtendOdd(x, pad);
  RunSections(sections, x.At(0) - pad * kLanes, 1, count);
  RunSections(sections, x.At(x.samples() + pad - 1), -1, count);
  return x;
}

SideBySide FiltFiltMovingAverage(SideBySide x, int length) {
  if (x.samples() == 0 || length < 2) return x;
  const auto size = static_cast<std::size_t>(length);
  const std::size_t pad = AveragePadLength(size, x.samples()), count = x.samples() + 2 * pad;
  x = WithMargin(std::move(x), pad);
  ExtendOdd(x, pad);
  SideBySide y(count);
  CausalAverage(x.At(0) - pad * kLanes, 1, count, size, y.At(0));
  CausalAverage(y.At(count - 1), -1, count, size, x.At(x.samples() + pad - 1));
  return x;
}

}  // namespace ecg::dsp
