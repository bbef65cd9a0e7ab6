#include "ecg/apps/jobs/delineate_folder.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "ecg/apps/jobs/output_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/file_name.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/peak_annotations.h"
#include "ecg/data/prepare/teacher.h"
#include "ecg/formats/registry.h"
#include "ecg/record/reader.h"
#include "src/apps/jobs/interval_table.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kPeaks[] = ".peaks";

// What one record gives.
struct Delineated {
  std::vector<std::pair<std::string, std::vector<dsp::Beat>>> files;  // by their endings
  std::vector<dsp::Beat> common;  // empty where no file and no table asks for it
  dsp::TypedBeats typed;          // by the robust method alone
  data::NamedLeads input;
};

std::string EndingOfLead(const std::string& lead) { return "." + FileNameOf(ToLower(lead)); }

bool IsWanted(const std::string& lead, const DelineateFolderConfig& config) {
  return config.leads.empty() || Contains(config.leads, lead);
}

// The endings of the files that a record will get; two leads of one name are an error.
Result<std::vector<std::string>> EndingsOf(const data::RecordEntry& record,
                                           const DelineateFolderConfig& config) {
  if (!config.each_lead) return std::vector<std::string>{kPeaks};
  std::vector<std::string> endings;
  std::map<std::string, std::string> lead_of;
  for (const std::string& lead : record.info.leads) {
    if (!IsWanted(lead, config)) continue;
    endings.push_back(EndingOfLead(lead));
    const auto [other, is_new] = lead_of.emplace(endings.back(), lead);
    if (!is_new) {
      return InputError("the leads " + other->second + " and " + lead +
                            " would both be written to " + record.id + endings.back(),
                        record.path.string(), 0, "leads");
    }
  }
  return endings;
}

Result<Delineated> DelineateFile(const record::EcgRecord& record,
                                 const DelineateFolderConfig& config) {
  Delineated result;
  result.input = data::LeadsToDelineate(record, config.leads);
  const data::NamedLeads& input = result.input;
  if (input.names.empty()) {
    const std::string wanted = config.leads.empty() ? "any" : Join(config.leads, ", ");
    std::vector<std::string> names = record.info.leads;
    names.insert(names.end(), record.other_leads.begin(), record.other_leads.end());
    return InputError("has the leads [" + Join(names, ", ") + "], none of those wanted: " + wanted,
                      record.info.name, 0, "leads");
  }
  const double rate = record.info.sampling_rate;
  std::vector<std::vector<dsp::Beat>> leads;
  if (config.method == dsp::Delineator::kRobust) {
    dsp::RecordBeats beats = dsp::DelineateRecord(input.leads, rate);
    result.common = std::move(beats.common);
    result.typed = dsp::TypeBeats(input.leads, result.common, rate);
    leads = std::move(beats.leads);
  } else {
    if (!config.each_lead || !config.intervals.empty()) {
      result.common = dsp::TeacherBeats(input.leads, rate, config.method);
    }
    for (std::size_t k = 0; config.each_lead && k < input.leads.size(); ++k) {
      leads.push_back(dsp::Delineate(input.leads[k], rate, config.method));
    }
  }
  if (config.each_lead) {
    for (std::size_t k = 0; k < leads.size(); ++k) {
      result.files.emplace_back(EndingOfLead(input.names[k]), std::move(leads[k]));
    }
  } else {
    result.files.emplace_back(kPeaks, result.common);
  }
  return result;
}

// What the reference says of a record's files; empty where it has none of them.
Result<std::optional<score::WaveTallies>> Compare(const data::RecordEntry& entry,
                                                  const Delineated& found, double rate,
                                                  const DelineateFolderConfig& config) {
  std::optional<score::WaveTallies> sum;
  for (const auto& [own, beats] : found.files) {
    const std::string& ending = config.reference_ending;
    const fs::path path =
        fs::path(config.reference) / (entry.id + (ending.empty() ? own : "." + ending));
    std::error_code none;
    if (!fs::exists(path, none)) continue;
    const Result<wfdb::AnnotationFile> marks = wfdb::ReadAnnotations(path);
    if (!marks.ok()) return marks.error();
    const double scale = marks->frequency > 0 ? rate / marks->frequency : 1;
    const score::WaveTallies tallies =
        score::CompareWaves(data::WavesOf(*marks, scale), dsp::WavesOf(beats), rate);
    if (!sum) sum.emplace();
    for (std::size_t k = 0; k < tallies.size(); ++k) (*sum)[k].Add(tallies[k]);
  }
  return sum;
}

// Takes the records whose files would be one and the same out of the index.
OutputFolder OpenOutput(const fs::path& folder, const DelineateFolderConfig& config,
                        data::RecordIndex& index) {
  std::vector<OutputFolder::File> files;
  std::vector<data::RecordEntry> kept;
  for (data::RecordEntry& record : index.records) {
    const Result<std::vector<std::string>> endings = EndingsOf(record, config);
    if (!endings.ok()) {
      index.failed.push_back({record.id, endings.error()});
      continue;
    }
    for (const std::string& ending : *endings) files.push_back({record.id, ending});
    kept.push_back(std::move(record));
  }
  index.records = std::move(kept);
  return OutputFolder::Create(folder, files).value();
}

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix,
                      DelineateFolderConfig& config) {
  settings.Add(
      prefix + "method", config.method,
      "robust: all leads together; dwt, peak: NeuroKit2's methods, on II or else the first "
      "lead that shows a beat.",
      dsp::DelineatorNames());
  settings.Add(prefix + "leads", config.leads,
               "Look at these leads only, as in II,V5; none: at all there are.");
  settings.Add(prefix + "each_lead", config.each_lead,
               "A file for each lead, RECORD.ii, RECORD.v1 and so on, instead of one for the "
               "record.");
  settings.Add(prefix + "intervals", config.intervals,
               "Write what is measured in each record, heart rate, PR, QRS, QT, QTc, axes, "
               "amplitudes, to this file: .csv, or .jsonl with the median beat.");
  settings.Add(prefix + "compare", config.reference,
               "Compare with the annotation files of the same names in this folder: sensitivity, "
               "positive predictivity and errors of the marks.");
  settings.Add(prefix + "compare_ending", config.reference_ending,
               "How the names of these files end, as in atr; empty: as those written do.");
  settings.Add(prefix + "threads", config.threads,
               "Threads; 0: the processors that this process may use.", {0, 4096});
}

DelineateFolderSummary DelineateFolder(const fs::path& input, const fs::path& output,
                                       const DelineateFolderConfig& config,
                                       ProgressSink& progress) {
  data::RecordIndex index = data::ScanFolder(input, config.threads).value();
  const OutputFolder folder = OpenOutput(output, config, index);
  record::ReadOptions options;
  options.leads = config.leads;
  DelineateFolderSummary summary;
  summary.failed_list = folder.failed_list();
  summary.failed = std::move(index.failed);
  std::optional<IntervalTable> table;
  if (!config.intervals.empty()) table.emplace(config.intervals);
  std::vector<std::optional<score::WaveTallies>> compared(index.records.size());
  std::mutex mutex;
  std::size_t done = 0;
  progress.Begin("delineate", index.records.size());
  ParallelFor(index.records.size(), config.threads, [&](std::size_t i) {
    const data::RecordEntry& entry = index.records[i];
    Result<record::EcgRecord> record = formats::ReadEcg(entry.path, options);
    Result<Delineated> found = record.ok() ? DelineateFile(*record, config) : record.error();
    if (found.ok() && !config.reference.empty()) {
      auto tallies = Compare(entry, *found, record->info.sampling_rate, config);
      if (tallies.ok()) {
        compared[i] = std::move(*tallies);
      } else {
        found = tallies.error();
      }
    }
    std::size_t beats = 0;
    std::string line;
    if (found.ok()) {
      for (const auto& [ending, own] : found->files) {
        beats += own.size();
        const std::string bytes =
            wfdb::FormatAnnotations(data::AnnotationsOf(own, found->typed.types)).value();
        WriteFileAtomic(folder.PathOf(entry.id, ending), bytes, Durability::kCached).value();
      }
      if (table) {
        const double rate = record->info.sampling_rate;
        const data::NamedLeads& input = found->input;
        line =
            table->Line(entry.id, rate, input.names,
                        dsp::Measure(input.names, input.leads, found->common, found->typed, rate));
      }
    }
    const std::lock_guard<std::mutex> lock(mutex);
    if (table) table->Add(i, std::move(line));
    if (found.ok()) {
      ++summary.records;
      summary.beats += beats;
      summary.warnings.insert(summary.warnings.end(), record->warnings.begin(),
                              record->warnings.end());
    } else {
      summary.failed.push_back({entry.id, found.error()});
    }
    progress.Advance(++done, "");
  });
  progress.End();
  if (table) table->Finish();
  for (const auto& tallies : compared) {
    if (tallies) summary.comparison.push_back(*tallies);
  }
  if (!config.reference.empty() && summary.comparison.empty()) {
    throw Exception(InputError("marks none of the records", config.reference, 0, "compare"));
  }
  std::sort(summary.failed.begin(), summary.failed.end(),
            [](const data::FailedRecord& a, const data::FailedRecord& b) { return a.id < b.id; });
  folder.WriteFailed(summary.failed).value();
  return summary;
}

}  // namespace ecg::jobs
