// Training batches, in records a second: every record read, resampled and delineated anew, or taken
// from the cache. A network has to be faster than this before it waits for data.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <optional>

#include "ecg/data/samples/batch_loader.h"
#include "ecg/data/sim/data_set.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecords = 200;

const std::vector<Example>& Examples() {
  static const std::vector<Example> examples = [] {
    const fs::path folder = fs::temp_directory_path() / "ecg-batches-bench" / "records";
    sim::DataSetOptions options;
    options.count = kRecords;
    options.simulation.sources = {"PTB_XL"};
    sim::WriteDataSet(folder, options, nullptr).value();
    std::vector<Example> all;
    RecordIndex index = ScanRecords(folder, 1).value();
    for (RecordEntry& record : index.records) {
      all.push_back({std::move(record), std::vector<float>(26), std::vector<float>(26, 1)});
    }
    return all;
  }();
  return examples;
}

void MakeBatches(benchmark::State& state, bool peaks, bool cached) {
  const fs::path cache = fs::temp_directory_path() / "ecg-batches-bench" / "cache";
  std::optional<dsp::Delineator> delineator;
  SampleConfig config;
  config.batch_size = 50;
  config.lead_sets = {"12", "6", "4", "3", "2"};
  if (peaks) {
    delineator = dsp::Delineator::kRobust;
    config.peak_grid.emplace(PeakGridKind::kPaper, 4);
  }
  const RecordStore store({}, delineator, cached ? cache : fs::path());
  const TrainingSamples samples(Examples(), store, config);
  LoaderConfig loading;
  loading.threads = 1;
  std::uint64_t epoch = 0;
  for (auto _ : state) {
    ++epoch;
    BatchLoader loader(samples, epoch, 0, epoch, loading);
    while (const std::optional<Batch> batch = loader.Next()) {
      benchmark::DoNotOptimize(batch->signal.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecords));
}
BENCHMARK_CAPTURE(MakeBatches, Signals, false, false)->MinTime(2);
BENCHMARK_CAPTURE(MakeBatches, SignalsAndPeaks, true, false)->MinTime(2);
BENCHMARK_CAPTURE(MakeBatches, SignalsAndPeaksFromCache, true, true)->MinTime(2);

}  // namespace
}  // namespace ecg::data
