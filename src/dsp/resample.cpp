#include "ecg/dsp/resample.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>

#include "ecg/core/result.h"
#include "src/core/simd.h"

namespace ecg::dsp {
namespace {

constexpr int kMaxTerm = 1 << 15;
constexpr int kHalfLengthPeriods = 10;
constexpr double kKaiserBeta = 5.0;
constexpr double kPi = 3.14159265358979323846;

// Modified Bessel function of the first kind, order 0 (power series; beta is small).
double BesselI0(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > 1e-18 * sum; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

// Taps -half .. half for gain `up` at zero frequency.
std::vector<double> DesignPrototype(int max_term, int up) {
  const std::ptrdiff_t half = static_cast<std::ptrdiff_t>(kHalfLengthPeriods) * max_term;
  std::vector<double> taps;
  for (std::ptrdiff_t n = -half; n <= half; ++n) {
    const double t = static_cast<double>(n) / max_term;
    const double edge = static_cast<double>(n) / static_cast<double>(half);
    // A multiple of the period is a zero of the sinc, which the sine of a multiple of pi misses.
    const double sinc = n == 0 ? 1 : n % max_term == 0 ? 0 : std::sin(kPi * t) / (kPi * t);
    const double window =
        BesselI0(kKaiserBeta * std::sqrt(1 - edge * edge)) / BesselI0(kKaiserBeta);
    taps.push_back(sinc * window);
  }
  const double scale = up / std::accumulate(taps.begin(), taps.end(), 0.0);
  for (double& tap : taps) tap *= scale;
  return taps;
}

// The nearest fraction to numerator/denominator whose terms do not exceed kMaxTerm: the last
// convergent of the continued fraction that fits.
Ratio Approximate(std::int64_t numerator, std::int64_t denominator) {
  std::int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
  while (denominator != 0) {
    const std::int64_t whole = numerator / denominator;
    if ((p1 != 0 && whole > kMaxTerm) || whole * p1 + p0 > kMaxTerm || whole * q1 + q0 > kMaxTerm) {
      break;
    }
    const std::int64_t p2 = whole * p1 + p0, q2 = whole * q1 + q0;
    p0 = p1, q0 = q1, p1 = p2, q1 = q2;
    const std::int64_t rest = numerator % denominator;
    numerator = denominator;
    denominator = rest;
  }
  return {static_cast<int>(p1), static_cast<int>(q1)};
}

std::ptrdiff_t FloorDivide(std::ptrdiff_t a, std::ptrdiff_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

// The line through the first and the last finite sample: value(i) = intercept + slope * i.
struct Line {
  double intercept = 0;
  double slope = 0;
};

Line LineThroughEnds(const float* input, std::size_t samples) {
  std::size_t first = 0, last = samples;
  while (first < samples && !std::isfinite(input[first])) ++first;
  while (last > first && !std::isfinite(input[last - 1])) --last;
  if (first == last) return {};
  const double begin = input[first], end = input[last - 1];
  const auto length = static_cast<double>(last - 1 - first);
  Line line;
  line.slope = length > 0 ? (end - begin) / length : 0;
  line.intercept = begin - line.slope * static_cast<double>(first);
  return line;
}

// values[i] += line(i). In blocks, because 32-bit indices and single precision are what the
// compiler can vectorise, and a block's share of the line is exact enough in them.
ECG_VECTOR_CLONES void AddLine(const Line& line, std::size_t count, float* values) {
  constexpr std::size_t kBlock = 4096;
  const auto slope = static_cast<float>(line.slope);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const auto offset =
        static_cast<float>(line.intercept + line.slope * static_cast<double>(begin));
    const auto length = static_cast<std::int32_t>(std::min(kBlock, count - begin));
    for (std::int32_t i = 0; i < length; ++i) {
      values[begin + static_cast<std::size_t>(i)] += offset + slope * static_cast<float>(i);
    }
  }
}

}  // namespace

Ratio ResamplingRatio(double from_hz, double to_hz) {
  const auto millihertz = [](double hz) -> std::int64_t {
    return hz >= 1e-3 && hz <= 1e9 ? std::llround(hz * 1000) : 0;
  };
  const std::int64_t from = millihertz(from_hz), to = millihertz(to_hz);
  if (from == 0 || to == 0 || from / to >= kMaxTerm || to / from >= kMaxTerm) {
    throw Exception(UsageError("cannot resample from " + std::to_string(from_hz) + " Hz to " +
                               std::to_string(to_hz) + " Hz"));
  }
  return Approximate(to, from);
}

Resampler::Resampler(Ratio ratio, Edges edges) : ratio_(ratio), edges_(edges) {
  if (ratio.up < 1 || ratio.down < 1 || ratio.up > kMaxTerm || ratio.down > kMaxTerm) {
    throw Exception(UsageError("resampling ratio " + std::to_string(ratio.up) + "/" +
                               std::to_string(ratio.down) + " is out of range"));
  }
  const int common = std::gcd(ratio.up, ratio.down);
  ratio_ = {ratio.up / common, ratio.down / common};
  const std::ptrdiff_t up = ratio_.up, down = ratio_.down;
  const int max_term = std::max(ratio_.up, ratio_.down);
  const std::vector<double> prototype = DesignPrototype(max_term, ratio_.up);
  const std::ptrdiff_t half = static_cast<std::ptrdiff_t>(prototype.size() / 2);
  // Output m * up + phase is centred on position t = phase * down of the inserted rate (counted
  // from m * up * down); input i lies at i * up and meets the tap t - i * up.
  phases_.resize(static_cast<std::size_t>(up));
  for (std::ptrdiff_t phase = 0; phase < up; ++phase) {
    const std::ptrdiff_t centre = phase * down;
    if (max_term == 1) {
      phases_[0].push_back({0, 1.0F});
      continue;
    }
    for (std::ptrdiff_t i = -FloorDivide(half - centre, up); i * up <= centre + half; ++i) {
      const double value = prototype[static_cast<std::size_t>(centre - i * up + half)];
      if (value == 0) continue;
      phases_[static_cast<std::size_t>(phase)].push_back({i, static_cast<float>(value)});
      reach_ = std::max({reach_, -i, i - down + 1});
    }
  }
}

std::size_t Resampler::OutputLength(std::size_t samples) const {
  const auto up = static_cast<std::size_t>(ratio_.up), down = static_cast<std::size_t>(ratio_.down);
  const std::size_t whole = samples / down, rest = samples % down;
  return whole * up + (rest * up + down - 1) / down;
}

namespace {

// A signal dealt out into `down` streams: stream s holds the samples s, s + down, ... and zeros
// before and after them.
class Streams {
 public:
  // Zeros for `reach` samples, and `rounds` samples of each stream.
  Streams(std::size_t down, std::size_t reach, std::size_t rounds)
      : down_(down),
        pad_((reach + down - 1) / down),  // of whole rounds, which keeps sample 0 in stream 0
        length_(pad_ + rounds + pad_),
        values_(down * length_, 0.0F) {}

  void Deal(const float* input, std::size_t samples) {
    if (down_ == 2) return DealTo<2>(input, samples);
    DealTo<0>(input, samples);
  }

  // Takes the line off the samples that were dealt.
  void TakeOff(const Line& line, std::size_t samples) {
    for (std::size_t s = 0; s < down_ && s < samples; ++s) {
      const double intercept = line.intercept + line.slope * static_cast<double>(s);
      const double slope = line.slope * static_cast<double>(down_);
      AddLine({-intercept, -slope}, (samples - s - 1) / down_ + 1, Stream(s));
    }
  }

  // Sample `offset`, which may be negative, and then every down-th.
  const float* From(std::ptrdiff_t offset) const {
    const auto place = static_cast<std::size_t>(offset + static_cast<std::ptrdiff_t>(pad_ * down_));
    return values_.data() + place % down_ * length_ + place / down_;
  }

 private:
  float* Stream(std::size_t s) { return values_.data() + s * length_ + pad_; }

  // A step that the compiler knows is one that it can vectorise.
  template <std::size_t known_down>
  void DealTo(const float* input, std::size_t samples) {
    const std::size_t down = known_down > 0 ? known_down : down_;
    for (std::size_t s = 0; s < down; ++s) {
      float* stream = Stream(s);
      for (std::size_t i = s, n = 0; i < samples; i += down, ++n) stream[n] = input[i];
    }
  }

  std::size_t down_, pad_, length_;
  std::vector<float> values_;
};

// A tap and the sample x[n] that it meets in output n of a phase.
struct Factor {
  const float* x;
  float tap;
};

// Eight samples, in the vector extension that g++ and clang++ share.
using Eight = float __attribute__((vector_size(32)));

struct Factors {
  const Factor* begin;
  const Factor* end;
};

// y[n] = the sum of tap * x[n] over the factors, as long as 8 * eights outputs are left: so many
// sums stay in registers. Returns the first n that is left.
template <std::size_t eights>
inline __attribute__((always_inline)) std::size_t SumTaps(const Factors& factors, std::size_t n,
                                                          std::size_t count, float* y) {
  for (; n + 8 * eights <= count; n += 8 * eights) {
    Eight sums[eights] = {};
    for (const Factor* factor = factors.begin; factor != factors.end; ++factor) {
      for (std::size_t k = 0; k < eights; ++k) {
        Eight x;
        std::memcpy(&x, factor->x + n + 8 * k, sizeof(x));
        sums[k] += factor->tap * x;
      }
    }
    std::memcpy(y + n, sums, sizeof(sums));
  }
  return n;
}

// By pointers: clang++ 19 loses the functions of a container that a function built twice calls.
ECG_VECTOR_CLONES void SumTaps(const Factors& factors, std::size_t count, float* y) {
  std::size_t n = SumTaps<8>(factors, 0, count, y);
  n = SumTaps<1>(factors, n, count, y);
  for (; n < count; ++n) {
    float sum = 0;
    for (const Factor* factor = factors.begin; factor != factors.end; ++factor) {
      sum += factor->tap * factor->x[n];
    }
    y[n] = sum;
  }
}

}  // namespace

// The outputs of one phase, which are `up` apart, read each of the input's streams in order.
void Resampler::Run(const float* input, std::size_t samples,
                    const std::function<float*()>& dealt) const {
  if (samples == 0) return;
  const auto up = static_cast<std::size_t>(ratio_.up), down = static_cast<std::size_t>(ratio_.down);
  const std::size_t length = OutputLength(samples), rounds = (length + up - 1) / up;
  const Line line = edges_ == Edges::kLine ? LineThroughEnds(input, samples) : Line{};
  Streams streams(down, static_cast<std::size_t>(reach_), rounds);
  streams.Deal(input, samples);
  float* const output = dealt();
  streams.TakeOff(line, samples);
  std::vector<float> sums(up > 1 ? rounds : 0);
  std::vector<Factor> factors;
  for (std::size_t phase = 0; phase < up && phase < length; ++phase) {
    factors.clear();
    for (const Tap& tap : phases_[phase]) factors.push_back({streams.From(tap.offset), tap.value});
    const std::size_t count = (length - phase - 1) / up + 1;
    SumTaps({factors.data(), factors.data() + factors.size()}, count,
            up > 1 ? sums.data() : output);
    for (std::size_t n = 0; n < count && up > 1; ++n) output[n * up + phase] = sums[n];
  }
  AddLine({line.intercept, line.slope * ratio_.down / ratio_.up}, length, output);
}

void Resampler::Apply(const float* input, std::size_t samples, float* output) const {
  Run(input, samples, [output] { return output; });
}

void Resampler::Append(std::vector<float>&& input, std::vector<float>& output) const {
  const std::size_t samples = input.size(), before = output.size();
  Run(input.data(), samples, [&] {
    std::vector<float>().swap(input);
    output.resize(before + OutputLength(samples));
    return output.data() + before;
  });
}

std::vector<float> Resampler::Apply(const std::vector<float>& input) const {
  std::vector<float> output(OutputLength(input.size()));
  Apply(input.data(), input.size(), output.data());
  return output;
}

}  // namespace ecg::dsp
