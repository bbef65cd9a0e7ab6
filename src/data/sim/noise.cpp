#include "src/data/sim/noise.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ecg::sim {
namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr std::size_t kElectrodes = 9;  // RA, LA, LL, V1..V6; the right leg is the reference
constexpr std::size_t kLimbs = 3;

using Signal = std::vector<double>;

// Breathing moves the chest wall and with it all electrodes, each in its own measure; slower drifts
// come from the skin.
void AddWander(double level, double rate, std::array<Signal, kElectrodes>& electrodes, Rng& rng) {
  const double breathing = rng.Uniform(0.15, 0.33);
  const double phase = rng.Uniform(0, kTwoPi);
  for (Signal& signal : electrodes) {
    const double size = level * 0.028 * std::abs(rng.Normal(0, 1));
    const double second = 0.3 * rng.Uniform();
    std::array<double, 3> frequency{}, amplitude{}, offset{};
    for (std::size_t k = 0; k < 3; ++k) {
      frequency[k] = rng.Uniform(0.02, 0.5);
      amplitude[k] = level * rng.Normal(0, 0.016) / (1 + 4 * frequency[k]);
      offset[k] = rng.Uniform(0, kTwoPi);
    }
    // Eight values a second are enough for what lies below half a hertz.
    const double coarse = 8.0;
    const auto points =
        static_cast<std::size_t>(static_cast<double>(signal.size()) / rate * coarse) + 3;
    Signal drift(points);
    for (std::size_t i = 0; i < points; ++i) {
      const double t = static_cast<double>(i) / coarse;
      double value = size * (std::sin(kTwoPi * breathing * t + phase) +
                             second * std::sin(2 * kTwoPi * breathing * t + 2 * phase + 1));
      for (std::size_t k = 0; k < 3; ++k) {
        value += amplitude[k] * std::sin(kTwoPi * frequency[k] * t + offset[k]);
      }
      drift[i] = value;
    }
    for (std::size_t i = 0; i < signal.size(); ++i) {
      const double at = static_cast<double>(i) / rate * coarse;
      const auto left = static_cast<std::size_t>(at);
      // Smooth between the points: a cubic through the neighbours (Catmull-Rom).
      const double u = at - static_cast<double>(left);
      const double a = drift[left > 0 ? left - 1 : 0], b = drift[left];
      const double c = drift[left + 1], d = drift[std::min(left + 2, points - 1)];
      signal[i] +=
          b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
    }
  }
}

// Muscle: broad-band, with strength that comes and goes. Limbs tremble; over the ribs there is
// little muscle at rest.
void AddMuscle(double level, double rate, std::array<Signal, kElectrodes>& electrodes, Rng& rng) {
  // First-order shaping: power rises to about 30 Hz and is level beyond.
  const double keep = std::exp(-kTwoPi * 30.0 / rate);
  // The same power per hertz at every sampling rate.
  const double density = std::sqrt(rate / 500.0);
  for (std::size_t e = 0; e < kElectrodes; ++e) {
    Signal& signal = electrodes[e];
    const double typical = e < kLimbs ? 0.0030 : 0.0018;
    const double size = density * level * typical * std::exp(rng.Normal(0, e < kLimbs ? 0.8 : 0.4));
    const double modulation = rng.Uniform(0.05, 0.4) * kTwoPi / rate;
    const double phase = rng.Uniform(0, kTwoPi);
    double low = 0;
    for (std::size_t i = 0; i < signal.size(); ++i) {
      const double white = rng.Normal();
      low = keep * low + (1 - keep) * white;
      const double swell = 1.0 + 0.5 * std::sin(modulation * static_cast<double>(i) + phase);
      signal[i] += size * swell * (white - 0.8 * low);
    }
  }
}

void AddMains(const SourceProfile& source, double level, double rate,
              std::array<Signal, kElectrodes>& electrodes, Rng& rng) {
  if (!rng.Chance(0.4)) return;
  const double step = kTwoPi * (source.mains + rng.Normal(0, 0.03)) / rate;
  const double size = level * 0.006 * std::exp(rng.Normal(0, 0.8));
  for (Signal& signal : electrodes) {
    const double own = size * rng.Uniform(0.2, 1.0);
    const double phase = rng.Uniform(0, 1.0);
    const double third = rng.Uniform(0, 0.2);
    for (std::size_t i = 0; i < signal.size(); ++i) {
      const double angle = step * static_cast<double>(i) + phase;
      signal[i] += own * (std::sin(angle) + third * std::sin(3 * angle));
    }
  }
}

// An electrode that shifts: a step that decays over a second or so.
void AddMotion(double level, double rate, std::array<Signal, kElectrodes>& electrodes, Rng& rng) {
  const double seconds = static_cast<double>(electrodes[0].size()) / rate;
  for (Signal& signal : electrodes) {
    if (!rng.Chance(std::min(0.5, 0.0035 * seconds))) continue;
    const auto start = static_cast<std::size_t>(rng.Below(signal.size()));
    const double size = rng.Normal(0, 0.25 * level);
    const double rise = 0.04 * rate;
    const double decay = rng.Uniform(0.2, 0.8) * rate;
    for (std::size_t i = start; i < signal.size(); ++i) {
      const double at = static_cast<double>(i - start);
      signal[i] += size * (1 - std::exp(-at / rise)) * std::exp(-at / decay);
    }
  }
}

// Second-order Butterworth sections, forward and backward.
struct Biquad {
  double b0, b1, b2, a1, a2;
};

Biquad Butterworth(double cutoff, double rate, bool high) {
  const double k = std::tan(0.5 * kTwoPi * cutoff / rate);
  const double norm = 1.0 / (1.0 + std::sqrt(2.0) * k + k * k);
  const double b = high ? norm : k * k * norm;
  return {b, high ? -2 * b : 2 * b, b, 2 * (k * k - 1) * norm,
          (1 - std::sqrt(2.0) * k + k * k) * norm};
}

void Filter(const Biquad& f, Signal& x) {
  // The state of a signal that has stood at its first value for ever.
  const double gain = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2);
  const double first = x.front();
  double s1 = (gain - f.b0) * first;
  double s2 = (f.b2 - f.a2 * gain) * first;
  for (double& value : x) {
    const double in = value;
    const double out = f.b0 * in + s1;
    s1 = f.b1 * in - f.a1 * out + s2;
    s2 = f.b2 * in - f.a2 * out;
    value = out;
  }
}

void FilterBothWays(const Biquad& f, Signal& x) {
  Filter(f, x);
  std::reverse(x.begin(), x.end());
  Filter(f, x);
  std::reverse(x.begin(), x.end());
}

}  // namespace

void AddNoise(const SourceProfile& source, double level, double rate,
              std::vector<std::vector<double>>& leads, Rng& rng) {
  const double wander = level * source.wander * std::exp(rng.Normal(0, 0.45));
  const double muscle = level * source.muscle * std::exp(rng.Normal(0, 0.35));
  std::array<Signal, kElectrodes> electrodes;
  electrodes.fill(Signal(leads[0].size()));
  AddWander(wander, rate, electrodes, rng);
  AddMuscle(muscle, rate, electrodes, rng);
  AddMains(source, level, rate, electrodes, rng);
  AddMotion(wander, rate, electrodes, rng);
  for (std::size_t i = 0; i < leads[0].size(); ++i) {
    const double right = electrodes[0][i], left = electrodes[1][i], foot = electrodes[2][i];
    const double terminal = (right + left + foot) / 3;  // Wilson's
    leads[0][i] += left - right;
    leads[1][i] += foot - right;
    for (std::size_t v = 0; v < 6; ++v) leads[v + 2][i] += electrodes[v + 3][i] - terminal;
  }
}

void ApplyFilters(const SourceProfile& source, double rate, std::vector<std::vector<double>>& leads,
                  Rng& rng) {
  const double low_pass = rng.Chance(source.smoothed) ? 40 : source.low_pass;
  for (Signal& lead : leads) {
    // Near half the rate a bilinear section loses its shape, and the converter's own filter acts.
    if (low_pass < rate / 3) FilterBothWays(Butterworth(low_pass, rate, false), lead);
    if (source.high_pass > 0) FilterBothWays(Butterworth(source.high_pass, rate, true), lead);
  }
}

}  // namespace ecg::sim
