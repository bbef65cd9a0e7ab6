// How long one recording at a time takes from its samples to its answer: the median and the 99th
// percentile in milliseconds, on one processor and on two, alone and beside a process that is
// always busy.
#include <benchmark/benchmark.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "ecg/data/sim/simulator.h"
#include "ecg/engines/networks.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/infer/shipped_models.h"
#include "tests/runtime/made_weights.h"

namespace {

using namespace ecg;

constexpr std::size_t kRecordings = 16;  // that come again and again
constexpr int kAnswers = 300;

enum Model { kShipped, kPaper, kThreePapers };

model::NetworkFactory Networks(int threads) {
  model::ComputeConfig compute;
  compute.threads = threads;
  return engines::MakeNetworks(compute);
}

// The paper's network with made weights, `members` times.
infer::Ensemble Papers(int members, int threads) {
  model::Bundle bundle;
  bundle.info.decision.thresholds.assign(bundle.info.task.size(), 0.5);
  bundle.info.CompleteArchitecture();
  bundle.weights = test::MakeWeights(bundle.info.architecture);
  infer::Ensemble ensemble = infer::MakeEnsemble(bundle.info, Networks(threads)(bundle));
  for (int i = 1; i < members; ++i) {
    ensemble.general.members.push_back({bundle.info, Networks(threads)(bundle)});
  }
  return ensemble;
}

infer::Ensemble Load(int model, int threads) {
  if (model == kShipped) {
    return infer::LoadEnsemble(infer::FindModel("").value(), Networks(threads)).value();
  }
  return Papers(model == kPaper ? 1 : 3, threads);
}

std::vector<record::EcgRecord> Recordings(double seconds) {
  sim::SimOptions options;
  options.sources = {"PTB_XL"};
  options.duration = seconds;
  std::vector<record::EcgRecord> all;
  for (std::size_t i = 0; i < kRecordings; ++i) {
    const sim::SimulatedRecord made = sim::SimulateRecord(options, i);
    record::EcgRecord& record = all.emplace_back();
    record.info.name = made.name;
    record.info.sampling_rate = made.rate;
    record.info.samples = made.samples;
    for (const char* lead :
         {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"}) {
      const auto begin =
          made.signal.begin() + static_cast<std::ptrdiff_t>(record.leads.size() * made.samples);
      record.leads.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(made.samples));
      record.info.leads.push_back(lead);
    }
  }
  return all;
}

// This process and its threads on the first `count` of the processors that it may use, while it
// lives.
class OnProcessors {
 public:
  explicit OnProcessors(int count) {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t some;
    CPU_ZERO(&some);
    for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&some) < count; ++i) {
      if (CPU_ISSET(i, &before_)) CPU_SET(i, &some);
    }
    enough_ = CPU_COUNT(&some) == count;
    ::sched_setaffinity(0, sizeof some, &some);
  }
  ~OnProcessors() { ::sched_setaffinity(0, sizeof before_, &before_); }
  OnProcessors(const OnProcessors&) = delete;
  OnProcessors& operator=(const OnProcessors&) = delete;

  bool enough() const { return enough_; }

 private:
  cpu_set_t before_;
  bool enough_ = false;
};

// A process that computes all the time, on the same processors.
class BusyProcess {
 public:
  BusyProcess() : child_(::fork()) {
    if (child_ != 0) return;
    for (volatile unsigned i = 0;; ++i) {
    }
  }
  ~BusyProcess() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  BusyProcess(const BusyProcess&) = delete;
  BusyProcess& operator=(const BusyProcess&) = delete;

 private:
  const pid_t child_;
};

// Milliseconds until the answer to a recording is there.
double MillisecondsOf(const infer::Ensemble& ensemble, const record::EcgRecord& recording) {
  infer::PredictConfig config;
  config.loader_threads = 1;
  const auto start = std::chrono::steady_clock::now();
  infer::MemorySource source({recording});
  infer::PredictRecords(ensemble, config, source,
                        [](std::size_t, const Result<infer::RecordAnswer>& answer) {
                          benchmark::DoNotOptimize(answer.value());
                        });
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// Arguments: the model, seconds of a recording, processors, whether another process is busy.
void Latency(benchmark::State& state) {
  const auto processors = static_cast<int>(state.range(2));
  const OnProcessors on(processors);
  if (!on.enough()) return state.SkipWithError("there are not so many processors");
  const infer::Ensemble ensemble = Load(static_cast<int>(state.range(0)), processors);
  const std::vector<record::EcgRecord> recordings = Recordings(static_cast<double>(state.range(1)));
  const std::unique_ptr<BusyProcess> busy =
      state.range(3) != 0 ? std::make_unique<BusyProcess>() : nullptr;
  std::vector<double> times;
  for (auto _ : state) {
    for (const record::EcgRecord& recording : recordings) MillisecondsOf(ensemble, recording);
    times.clear();
    for (int i = 0; i < kAnswers; ++i) {
      times.push_back(
          MillisecondsOf(ensemble, recordings[static_cast<std::size_t>(i) % kRecordings]));
    }
  }
  std::sort(times.begin(), times.end());
  state.counters["p50_ms"] = times[times.size() / 2];
  state.counters["p99_ms"] = times[times.size() * 99 / 100];
}
BENCHMARK(Latency)
    ->ArgNames({"model", "seconds", "cores", "busy"})
    ->ArgsProduct({{kShipped, kPaper, kThreePapers}, {10}, {1, 2}, {0, 1}})
    ->ArgsProduct({{kPaper}, {30}, {1, 2}, {0, 1}})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

}  // namespace
