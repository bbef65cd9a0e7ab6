#include "src/data/sim/atria.h"

#include <array>
#include <cmath>

namespace ecg::sim {
namespace {

constexpr double kTwoPi = 6.283185307179586;

}  // namespace

void AddFibrillationWaves(double size, double rate, VectorCardiogram& vcg, Rng& rng) {
  const double frequency = rng.Uniform(5.2, 8.2);
  const double wander = rng.Uniform(0.3, 0.7);       // Hz
  const double wander_rate = rng.Uniform(0.1, 0.5);  // Hz
  const double swell_rate = rng.Uniform(0.08, 0.6);  // Hz
  const std::array<double, 3> phases = {rng.Uniform(0, kTwoPi), rng.Uniform(0, kTwoPi),
                                        rng.Uniform(0, kTwoPi)};
  const std::array<double, 3> axes = {-0.20, 0.6, -0.9};
  double angle = rng.Uniform(0, kTwoPi);
  for (std::size_t i = 0; i < vcg.samples(); ++i) {
    const double t = static_cast<double>(i) / rate;
    const double slow = std::sin(kTwoPi * wander_rate * t + phases[0]);
    angle += kTwoPi * (frequency + wander * slow + rng.Normal(0, 0.8)) / rate;
    const double swell = 1 + 0.45 * std::sin(kTwoPi * swell_rate * t + phases[1]);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double a = angle + 0.5 * phases[axis];
      const double wave = std::sin(a) + 0.45 * std::sin(2 * a) + 0.2 * std::sin(3 * a);
      vcg.axes[axis][i] += size * axes[axis] * swell * wave;
    }
  }
}

void AddFlutterWaves(double size, double period, double start, double rate, VectorCardiogram& vcg) {
  for (std::size_t i = 0; i < vcg.samples(); ++i) {
    const double t = (static_cast<double>(i) / rate - start) / period;
    const double part = t - std::floor(t);
    // Down for the first seven tenths, up for the rest, corners rounded.
    const double saw = part < 0.7 ? std::cos(0.5 * kTwoPi * part / 0.7)
                                  : -std::cos(0.5 * kTwoPi * (part - 0.7) / 0.3);
    vcg.axes[0][i] += 0.1 * size * saw;
    vcg.axes[1][i] += 0.9 * size * saw;
    const double late = part + 0.25;
    vcg.axes[2][i] += -0.35 * size * std::cos(kTwoPi * (late - std::floor(late)));
  }
}

}  // namespace ecg::sim
