// A decision every second from two leads of the model that ships: what one costs soon after the
// stream begins, and ten hours later.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "ecg/engines/networks.h"
#include "ecg/infer/classifier.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/infer/stream.h"

namespace {

using namespace ecg;

constexpr std::size_t kRate = 250;

// Second `second` of two leads, [leads][kRate].
std::vector<float> SecondOf(std::size_t second) {
  std::vector<float> samples(2 * kRate);
  for (std::size_t i = 0; i < kRate; ++i) {
    const double t = static_cast<double>(second % 600) + static_cast<double>(i) / kRate;
    const double beat = std::fmod(1.1 * t + 0.3 * std::sin(t / 5), 1.0) - 0.5;
    const double qrs = std::exp(-beat * beat / 4e-4);
    const double wave = std::exp(-std::pow(beat - 0.3, 2) / 4e-3);
    samples[i] = static_cast<float>(0.6 * qrs + 0.2 * wave + 0.02 * std::sin(300 * t));
    samples[kRate + i] = static_cast<float>(qrs + 0.1 * wave + 0.02 * std::sin(311 * t));
  }
  return samples;
}

const infer::Classifier& Model() {
  static const infer::Classifier model = [] {
    model::ComputeConfig compute;
    compute.threads = 1;
    return infer::Classifier::Load(infer::FindModel("").value(), engines::MakeNetworks(compute))
        .value();
  }();
  return model;
}

// Argument: seconds before the first decision that is measured.
void StreamDecision(benchmark::State& state) {
  const auto stream = infer::Stream::Open(Model(), {kRate, {"I", "II"}}).value();
  auto second = static_cast<std::size_t>(state.range(0));
  for (std::size_t i = 0; i < second; ++i) {
    stream->Append(SecondOf(i).data(), 2, kRate).value();
  }
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<float> samples = SecondOf(second++);
    state.ResumeTiming();
    stream->Append(samples.data(), 2, kRate).value();
    benchmark::DoNotOptimize(stream->Ask().value());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(StreamDecision)->ArgName("second")->Arg(20)->Arg(36000)->Unit(benchmark::kMicrosecond);

}  // namespace
