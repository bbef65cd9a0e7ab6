// Reading and resampling of challenge records, in records a second (items_per_second).
//
// Reads the 12-lead records of 5000 samples in $ECG_BENCH_RECORDS, or made ones where that is not
// set. scripts/bench_wfdb.py runs this beside SciPy.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/dsp/resample.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/write.h"

namespace ecg::wfdb {
namespace {

constexpr std::size_t kSamples = 5000;
constexpr std::size_t kLeads = 12;

void MakeRecords(const std::filesystem::path& folder) {
  record::EcgRecord record;
  record.info.sampling_rate = 500;
  record.info.samples = kSamples;
  record.info.leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
  record.leads.resize(kLeads);
  for (std::size_t i = 0; i < kLeads * kSamples; ++i) {
    record.leads[i / kSamples].push_back(
        static_cast<float>(std::sin(0.01 * static_cast<double>(i))));
  }
  for (int i = 0; i < 100; ++i) {
    record.info.name = "made" + std::to_string(i);
    WriteChallengeRecord(folder, record).value();
  }
}

const std::vector<std::filesystem::path>& Headers() {
  static const std::vector<std::filesystem::path> headers = [] {
    const char* given = std::getenv("ECG_BENCH_RECORDS");
    const std::filesystem::path folder =
        given != nullptr ? std::filesystem::path(given)
                         : std::filesystem::temp_directory_path() / "ecg-bench-records";
    if (given == nullptr) MakeRecords(folder);
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".hea") continue;
      const Result<record::EcgInfo> info = formats::ReadEcgInfo(entry.path());
      if (info.ok() && info->samples == kSamples && info->leads.size() == kLeads) {
        found.push_back(entry.path());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }();
  return headers;
}

void ReadChallengeRecords(benchmark::State& state) {
  record::EcgRecord record;
  const auto& headers = Headers();
  for (auto _ : state) {
    for (const auto& header : headers) {
      formats::Open(header).value()->Read({}, record).value();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Headers().size()));
}
BENCHMARK(ReadChallengeRecords)->Unit(benchmark::kMillisecond);

void ReadHeaders(benchmark::State& state) {
  const auto& headers = Headers();
  for (auto _ : state) {
    for (const auto& header : headers)
      benchmark::DoNotOptimize(formats::ReadEcgInfo(header).value());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Headers().size()));
}
BENCHMARK(ReadHeaders)->Unit(benchmark::kMillisecond);

// 12 leads of 10 s, from and to the given rates.
void ResampleTwelveLeads(benchmark::State& state) {
  const auto from = static_cast<double>(state.range(0)), to = static_cast<double>(state.range(1));
  const dsp::Resampler resampler(dsp::ResamplingRatio(from, to));
  const auto samples = static_cast<std::size_t>(10 * state.range(0));
  std::vector<float> input(kLeads * samples);
  for (std::size_t i = 0; i < input.size(); ++i) {
    input[i] = static_cast<float>(std::sin(0.01 * static_cast<double>(i)));
  }
  const std::size_t length = resampler.OutputLength(samples);
  std::vector<float> output(kLeads * length);
  for (auto _ : state) {
    for (std::size_t lead = 0; lead < kLeads; ++lead) {
      resampler.Apply(input.data() + lead * samples, samples, output.data() + lead * length);
    }
    benchmark::DoNotOptimize(output.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ResampleTwelveLeads)
    ->Args({500, 250})
    ->Args({1000, 500})
    ->Args({257, 500})
    ->Args({360, 250})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ecg::wfdb
