// Delineating one lead of 10 s at 500 Hz from raw samples: cleaning, R peaks, all waves.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/dsp/measure/delineate.h"

namespace {

using ecg::dsp::Delineator;

// Gaussian waves at 72 beats a minute with baseline wander, hum and noise.
std::vector<double> MakeLead(std::uint64_t seed) {
  ecg::Rng rng({seed});
  const double rate = 500;
  std::vector<double> x(5000);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double t = static_cast<double>(i) / rate, in_beat = std::fmod(t, 60.0 / 72) - 0.35;
    const auto bump = [&](double at, double width) {
      return std::exp(-0.5 * (in_beat - at) * (in_beat - at) / width / width);
    };
    x[i] = 0.12 * bump(-0.16, 0.02) + 1.1 * bump(0, 0.01) - 0.2 * bump(0.03, 0.009) +
           0.3 * bump(0.27, 0.04) + 0.2 * std::sin(1.5 * t) + 0.03 * std::sin(314.16 * t) +
           rng.Normal(0, 0.02);
  }
  return x;
}

void BM_OneLead(benchmark::State& state) {
  const auto method = static_cast<Delineator>(state.range(0));
  const std::vector<double> lead = MakeLead(1);
  for (auto _ : state) benchmark::DoNotOptimize(ecg::dsp::Delineate(lead, 500, method));
  state.SetItemsProcessed(state.iterations());
  state.SetLabel(method == Delineator::kDwt    ? "dwt, leads/s"
                 : method == Delineator::kPeak ? "peak, leads/s"
                                               : "robust, leads/s");
}
BENCHMARK(BM_OneLead)
    ->Arg(static_cast<int>(Delineator::kDwt))
    ->Arg(static_cast<int>(Delineator::kPeak))
    ->Arg(static_cast<int>(Delineator::kRobust))
    ->Unit(benchmark::kMicrosecond);

void BM_RobustRecord(benchmark::State& state) {
  std::vector<std::vector<double>> leads;
  for (std::uint64_t k = 0; k < 12; ++k) leads.push_back(MakeLead(k));
  for (auto _ : state) benchmark::DoNotOptimize(ecg::dsp::DelineateRecord(leads, 500));
  state.SetItemsProcessed(state.iterations());
  state.SetLabel("12 leads together, records/s");
}
BENCHMARK(BM_RobustRecord)->Unit(benchmark::kMicrosecond);

}  // namespace
