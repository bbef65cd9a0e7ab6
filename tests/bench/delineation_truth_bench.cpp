// How well the delineators find the waves of simulated recordings, whose fiducial points are known:
// share of true P, R and T peaks that are found within 50 ms (se_*), share of found ones that are
// true (pv_*) and the mean distance in ms, in lead II, by method, class and noise (a factor on the
// noise of a usual recording). True peaks are those of the heart vector, so lead II itself is some
// milliseconds away from them. The time is that of 40 leads of 10 s.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/measure/delineate.h"

namespace {

using ecg::dsp::Delineator;

constexpr std::size_t kRecords = 40;
constexpr const char* kClasses[] = {"", "AF", "LBBB", "PVC", "IAVB", "STach"};
constexpr const char* kMethods[] = {"peak", "dwt", "robust"};

struct Tally {
  double truth = 0, found = 0, hits = 0, distance = 0;

  // Each true peak takes the nearest found one, if that is near enough.
  void Add(const std::vector<std::int64_t>& true_peaks, const std::vector<std::int64_t>& peaks,
           double rate) {
    truth += static_cast<double>(true_peaks.size());
    found += static_cast<double>(peaks.size());
    for (const std::int64_t wanted : true_peaks) {
      double nearest = 1e9;
      for (const std::int64_t peak : peaks) {
        nearest = std::min(nearest, std::abs(static_cast<double>(peak - wanted)) / rate * 1000);
      }
      if (nearest > 50) continue;
      hits += 1;
      distance += nearest;
    }
  }
  void Report(benchmark::State& state, const std::string& wave) const {
    state.counters["se_" + wave] = truth > 0 ? hits / truth : std::nan("");
    state.counters["pv_" + wave] = found > 0 ? hits / found : std::nan("");
    state.counters["ms_" + wave] = hits > 0 ? distance / hits : std::nan("");
  }
};

std::vector<ecg::sim::SimulatedRecord> Records(const std::string& name, double noise) {
  ecg::sim::SimOptions options;
  options.sources = {"PTB_XL"};
  options.noise = noise;
  if (!name.empty()) options.classes = {name};
  std::vector<ecg::sim::SimulatedRecord> records;
  for (std::size_t i = 0; i < kRecords; ++i) records.push_back(SimulateRecord(options, i));
  return records;
}

void BM_Delineate(benchmark::State& state) {
  const auto method = static_cast<Delineator>(state.range(0));
  const std::string name = kClasses[state.range(1)];
  const auto records = Records(name, static_cast<double>(state.range(2)));
  state.SetLabel(std::string(kMethods[state.range(0)]) + " " + (name.empty() ? "any" : name));
  Tally p, r, t;
  for (auto _ : state) {
    p = r = t = {};
    for (const ecg::sim::SimulatedRecord& record : records) {
      const float* lead = record.signal.data() + record.samples;
      const std::vector<double> mv(lead, lead + record.samples);
      std::vector<std::int64_t> peaks[3], truth[3];
      const auto add = [](std::vector<std::int64_t>& to, std::int64_t sample) {
        if (sample >= 0) to.push_back(sample);
      };
      for (const ecg::dsp::Beat& beat : ecg::dsp::Delineate(mv, record.rate, method)) {
        add(peaks[0], beat.p.peak);
        add(peaks[1], beat.qrs.peak);
        add(peaks[2], beat.t.peak);
      }
      for (const ecg::sim::BeatTruth& beat : record.beats) {
        add(truth[0], beat.p_peak);
        add(truth[1], beat.r_peak);
        add(truth[2], beat.t_peak);
      }
      p.Add(truth[0], peaks[0], record.rate);
      r.Add(truth[1], peaks[1], record.rate);
      t.Add(truth[2], peaks[2], record.rate);
    }
  }
  p.Report(state, "p");
  r.Report(state, "r");
  t.Report(state, "t");
  state.SetItemsProcessed(static_cast<std::int64_t>(kRecords) * state.iterations());
}
BENCHMARK(BM_Delineate)
    ->ArgNames({"method", "class", "noise"})
    ->ArgsProduct({{0, 1, 2}, {0}, {0, 1, 3, 10}})
    ->ArgsProduct({{0, 1, 2}, {1, 2, 3, 4, 5}, {1}})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
