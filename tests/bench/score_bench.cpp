// Scoring 20,000 recordings: reading their files, and the metrics beside the plain definitions.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ecg/data/labels/prediction_file.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/score/bootstrap.h"
#include "ecg/score/incremental.h"
#include "tests/score/plain_metrics.h"

namespace {

using namespace ecg;
using namespace ecg::score;
namespace fs = std::filesystem;

constexpr std::size_t kRecordings = 20000;

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

Outcomes SomeOutcomes(std::size_t recordings) {
  return test::RandomOutcomes(recordings, Classes().size(), {0.06, 0.08, 0, 0, 0, 0}, 1);
}

void CountRecordings(benchmark::State& state, std::size_t recordings) {
  state.counters["recordings/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(recordings),
                         benchmark::Counter::kIsRate);
}

// Headers of 12 leads and predictions of 30 codes, removed with the object.
class GeneratedFolders {
 public:
  GeneratedFolders()
      : root_(fs::temp_directory_path() / ("ecg-bench-" + std::to_string(getpid()))) {
    fs::create_directories(root_ / "labels");
    fs::create_directories(root_ / "preds");
    const Outcomes outcomes = SomeOutcomes(kRecordings);
    for (std::size_t i = 0; i < kRecordings; ++i) {
      const std::string name = "HR" + std::to_string(10000 + i);
      const std::size_t row = i * Classes().size();
      std::ofstream(root_ / "labels" / (name + ".hea")) << Header(name, &outcomes.labels[row]);
      const std::vector<float> scores(&outcomes.scores[row], &outcomes.scores[row] + 26);
      std::ofstream(root_ / "preds" / (name + ".csv")) << data::FormatPrediction(
          data::MakePrediction(name, &outcomes.decisions[row], scores.data(), Classes().classes())
              .value());
    }
  }
  ~GeneratedFolders() { fs::remove_all(root_); }
  fs::path labels() const { return root_ / "labels"; }
  fs::path predictions() const { return root_ / "preds"; }

 private:
  static std::string Header(const std::string& name, const std::uint8_t* labels) {
    std::string text = name + " 12 500 5000\n";
    for (const std::string& lead : challenge::LeadSets()[0].leads) {
      text += name + ".mat 16+24 1000/mV 16 0 -15 22 0 " + lead + "\n";
    }
    std::string dx;
    for (std::size_t k = 0; k < Classes().size(); ++k) {
      if (labels[k] != 0) dx += (dx.empty() ? "" : ",") + Classes()[k].codes[0];
    }
    return text + "#Age: 50\n#Sex: Female\n#Dx: " + dx + "\n#Rx: Unknown\n";
  }

  fs::path root_;
};

void BM_ReadAndScore(benchmark::State& state) {
  static const GeneratedFolders folders;
  data::InputOptions options;
  options.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const data::ScoreInput input =
        data::ReadScoreInput(folders.labels(), {folders.predictions()}, options).value();
    benchmark::DoNotOptimize(Evaluate(input.outcomes[0], Classes(), options.threads));
  }
  CountRecordings(state, kRecordings);
}
BENCHMARK(BM_ReadAndScore)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Metrics(benchmark::State& state) {
  const auto recordings = static_cast<std::size_t>(state.range(0));
  const Outcomes outcomes = SomeOutcomes(recordings);
  for (auto _ : state) benchmark::DoNotOptimize(Evaluate(outcomes, Classes()));
  CountRecordings(state, recordings);
}
BENCHMARK(BM_Metrics)->Arg(1000)->Arg(20000)->Unit(benchmark::kMillisecond);

// Quadratic in the recordings: 20,000 take one run.
void BM_PlainMetrics(benchmark::State& state) {
  const auto recordings = static_cast<std::size_t>(state.range(0));
  const Outcomes outcomes = SomeOutcomes(recordings);
  for (auto _ : state) benchmark::DoNotOptimize(test::PlainEvaluate(outcomes, Classes()));
  CountRecordings(state, recordings);
}
BENCHMARK(BM_PlainMetrics)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PlainMetrics)->Arg(20000)->Unit(benchmark::kMillisecond)->Iterations(1);

void BM_BootstrapSample(benchmark::State& state) {
  const Evaluator evaluator(SomeOutcomes(kRecordings), Classes());
  BootstrapOptions options;
  options.samples = 10;
  options.threads = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Bootstrap(evaluator, Challenge::k2021, options));
  }
  state.counters["samples/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * 10, benchmark::Counter::kIsRate);
}
BENCHMARK(BM_BootstrapSample)->Unit(benchmark::kMillisecond);

void BM_SetDecision(benchmark::State& state) {
  const Outcomes outcomes = SomeOutcomes(kRecordings);
  IncrementalChallengeMetric metric(outcomes.labels, outcomes.decisions, Classes());
  std::size_t i = 0;
  for (auto _ : state) {
    metric.SetDecision(i % kRecordings, i % 26, i % 3 == 0);
    ++i;
    benchmark::DoNotOptimize(metric.Value());
  }
}
BENCHMARK(BM_SetDecision);

}  // namespace
