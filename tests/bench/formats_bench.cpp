// Reading recordings of other formats than WFDB, in records a second (items_per_second), with one
// thread.
//
// The files are made of the 12-lead records of 10 s in $ECG_BENCH_RECORDS, or of made ones where
// that is not set, $ECG_BENCH_FILES of them (400), a quarter of each kind: EDF+, GE MUSE XML,
// Philips Sierra XML (compressed) and HL7 aECG. ReadBytes reads the same files and makes nothing of
// them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/writers.h"
#include "src/data/sim/write.h"
#include "tests/formats/xml/documents.h"

namespace ecg::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecordings = 100;
constexpr std::size_t kSamples = 5000;
constexpr double kRate = 500;
constexpr double kCountsPerMv = 200;

using Counts = std::vector<std::vector<int>>;

std::vector<record::EcgRecord> Recordings() {
  std::vector<record::EcgRecord> recordings;
  const char* given = std::getenv("ECG_BENCH_RECORDS");
  if (given == nullptr) {
    sim::SimOptions options;
    for (std::size_t i = 0; i < kRecordings; ++i) {
      recordings.push_back(sim::AsEcgRecord(sim::SimulateRecord(options, i)));
    }
  } else {
    const auto listed = ListRecords(given).value();
    for (const std::string& name : listed.records) {
      Result<record::EcgRecord> record = ReadEcg(fs::path(given) / name);
      if (record.ok() && record->info.leads.size() == 12) recordings.push_back(std::move(*record));
      if (recordings.size() == kRecordings) break;
    }
  }
  const auto others = [](const record::EcgRecord& record) {
    return record.info.samples != kSamples || record.info.sampling_rate != kRate;
  };
  recordings.erase(std::remove_if(recordings.begin(), recordings.end(), others), recordings.end());
  return recordings;
}

Counts CountsOf(const record::EcgRecord& record) {
  Counts counts;
  for (const std::vector<float>& lead : record.leads) {
    std::vector<int>& out = counts.emplace_back();
    for (const float value : lead) {
      out.push_back(static_cast<int>(std::lround(static_cast<double>(value) * kCountsPerMv)));
    }
  }
  return counts;
}

// The eight leads that are stored.
std::string MuseOf(const record::EcgRecord& record, const Counts& counts) {
  std::vector<std::string> leads;
  Counts stored;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (k >= 2 && k < 6) continue;
    leads.push_back(record.info.leads[k]);
    stored.push_back(counts[k]);
  }
  return xml::test::Muse(xml::test::MuseWaveform("Rhythm", leads, stored));
}

// III, aVR, aVL and aVF as what remains of them, which is near nothing.
std::string SierraOf(const Counts& counts) {
  std::vector<std::string> channels;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const bool follows = k >= 2 && k < 6;
    channels.push_back(
        xml::test::XliChannel(follows ? std::vector<int>(counts[k].size(), 0) : counts[k]));
  }
  return xml::test::Sierra(channels);
}

std::string AecgOf(const record::EcgRecord& record, const Counts& counts) {
  std::vector<std::string> digits;
  for (const std::vector<int>& lead : counts) {
    std::string& text = digits.emplace_back();
    for (const int value : lead) text += std::to_string(value) + ' ';
  }
  return xml::test::Aecg(record.info.leads, digits);
}

struct Files {
  fs::path folder;
  std::map<std::string, std::vector<fs::path>> of_kind;
  std::vector<fs::path> all;
};

const Files& MadeFiles() {
  static const Files files = [] {
    Files made;
    made.folder = fs::temp_directory_path() / "ecg-bench-formats";
    fs::remove_all(made.folder);
    const char* given = std::getenv("ECG_BENCH_FILES");
    const std::size_t count = given != nullptr ? std::strtoul(given, nullptr, 10) : 400;
    const auto add = [&](const char* kind, const char* ending, const std::string& bytes) {
      std::vector<fs::path>& list = made.of_kind[kind];
      list.push_back(made.folder / (kind + std::to_string(list.size()) + ending));
      WriteFileAtomic(list.back(), bytes, Durability::kCached).value();
      made.all.push_back(list.back());
    };
    fs::create_directories(made.folder);
    const std::vector<record::EcgRecord> recordings = Recordings();
    for (std::size_t i = 0; !recordings.empty() && i < count / 4; ++i) {
      const record::EcgRecord& record = recordings[i % recordings.size()];
      const Counts counts = CountsOf(record);
      add("edf", ".edf", Write(record, "r", Target::kEdf).value().files.front().bytes);
      add("muse", ".xml", MuseOf(record, counts));
      add("sierra", ".xml", SierraOf(counts));
      add("aecg", ".xml", AecgOf(record, counts));
    }
    return made;
  }();
  return files;
}

void ReadAll(const std::vector<fs::path>& paths) {
  record::EcgRecord record;
  for (const fs::path& path : paths) {
    Open(path).value()->Read({}, record).value();
    if (record.info.samples == 0) std::abort();
  }
}

void ReadFormat(benchmark::State& state, const std::string& kind) {
  const std::vector<fs::path>& paths = MadeFiles().of_kind.at(kind);
  for (auto _ : state) ReadAll(paths);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(paths.size()));
}
BENCHMARK_CAPTURE(ReadFormat, edf, std::string("edf"))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadFormat, muse, std::string("muse"))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadFormat, sierra, std::string("sierra"))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadFormat, aecg, std::string("aecg"))->Unit(benchmark::kMillisecond);

// A folder of all kinds: found, opened and read.
void ReadMixedFolder(benchmark::State& state) {
  const Files& files = MadeFiles();
  for (auto _ : state) {
    std::vector<fs::path> paths;
    const auto listed = ListRecords(files.folder).value();
    for (const std::string& name : listed.records) {
      paths.push_back(files.folder / name);
    }
    ReadAll(paths);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(files.all.size()));
}
BENCHMARK(ReadMixedFolder)->Unit(benchmark::kMillisecond);

void ReadBytes(benchmark::State& state) {
  const Files& files = MadeFiles();
  for (auto _ : state) {
    for (const fs::path& path : files.all) benchmark::DoNotOptimize(ReadFile(path).value().size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(files.all.size()));
}
BENCHMARK(ReadBytes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ecg::formats
