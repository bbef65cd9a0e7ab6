#include "ecg/data/sim/data_set.h"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/file.h"
#include "ecg/core/folder.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "src/data/sim/write.h"

namespace ecg::sim {
namespace {

std::string Fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string Abbreviations(const std::vector<std::uint8_t>& labels) {
  std::string text;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    if (labels[k] == 0) continue;
    if (!text.empty()) text += '|';
    text += challenge::Classes2021()[k].abbreviation;
  }
  return text;
}

constexpr char kManifest[] = "manifest.csv";
constexpr char kManifestHeader[] =
    "record,source,rate,samples,age,sex,true_labels,written_labels,heart_rate,pr_ms,qrs_ms,qt_ms,"
    "qtc_ms,axis_degrees\n";

std::string ManifestRow(const SimulatedRecord& record) {
  const Measures& m = record.measures;
  std::string row = record.name + "," + record.source + "," + Fixed(record.rate, 0) + "," +
                    std::to_string(record.samples) + "," + Fixed(record.age, 0) + "," +
                    (record.male ? "Male" : "Female") + "," + Abbreviations(record.truth) + "," +
                    Abbreviations(record.written);
  for (const double value : {m.heart_rate, m.pr_ms, m.qrs_ms, m.qt_ms, m.qtc_ms, m.axis_degrees}) {
    row += "," + Fixed(value, 1);
  }
  return row + "\n";
}

// Simulated records are called as those of real data sets, which they must not replace.
Status CheckIsOurs(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(folder / kManifest, ignored)) return {};
  const auto records = ListFiles(folder, ".hea", /*recursive=*/false);
  if (!records.ok()) return records.error();
  if (records->empty()) return {};
  return UsageError("holds recordings that were not simulated; name another folder",
                    folder.string());
}

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, DataSetOptions& options) {
  SimOptions& simulation = options.simulation;
  settings.Add(prefix + "count", options.count, "Number of records.", {});
  settings.Add(prefix + "first", options.first,
               "Number of the first record; other numbers are other patients.", {});
  settings.Add(prefix + "seed", simulation.seed, "The same seed gives the same files.", {});
  settings.Add(prefix + "sources", simulation.sources,
               "Sources whose rates, lengths, noise and labelling to imitate, in turn, out of "
               "CPSC, CPSC_Extra, INCART, PTB, PTB_XL, Georgia, Chapman_Shaoxing, Ningbo.");
  settings.Add(prefix + "classes", simulation.classes,
               "Classes to show in turn, as AF,RBBB; none: as frequent as in the source.");
  settings.Add(prefix + "duration", simulation.duration, "Seconds; null: as the source records.",
               {kShortestDuration, kLongestDuration});
  settings.Add(prefix + "rate", simulation.rate, "Samples a second; null: the source's.",
               {kLowestRate, kHighestRate});
  settings.Add(prefix + "noise", simulation.noise, "Factor on the source's noise.",
               {0, kMostNoise});
  settings.Add(prefix + "clean", simulation.clean, "No noise, no filters.");
  settings.Add(prefix + "threads", options.threads,
               "Threads; 0: the processors that this process may use.", {0, 4096});
}

Status WriteDataSet(const std::filesystem::path& folder, const DataSetOptions& options,
                    ProgressSink* progress) {
  if (Status checked = CheckOptions(options.simulation); !checked.ok()) return checked;
  const std::size_t largest = LargestCount(options.simulation);
  if (options.count > largest || options.first > largest - options.count) {
    return UsageError("the names of these sources last for " + Counted(largest, "record"));
  }
  if (Status created = CreateFolder(folder); !created.ok()) return created;
  if (Status free = CheckIsOurs(folder); !free.ok()) return free;

  std::vector<std::string> rows(options.count);
  std::atomic<std::size_t> done{0};
  if (progress != nullptr) progress->Begin("simulating", options.count);
  ParallelFor(options.count, options.threads, [&](std::size_t i) {
    const SimulatedRecord record = SimulateRecord(options.simulation, options.first + i);
    WriteRecord(folder, record).value();
    rows[i] = ManifestRow(record);
    const std::size_t now = ++done;
    if (progress != nullptr) progress->Advance(now, {});
  });
  if (progress != nullptr) progress->End();

  std::string manifest = kManifestHeader;
  for (const std::string& row : rows) manifest += row;
  return WriteFileAtomic(folder / kManifest, manifest);
}

}  // namespace ecg::sim
