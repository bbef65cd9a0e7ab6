#include "ecg/infer/delineate_folder.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/file_name.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/data/peak_annotations.h"
#include "ecg/data/teacher.h"
#include "ecg/infer/output_folder.h"
#include "ecg/wfdb/ecg_record.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;

constexpr char kPeaks[] = ".peaks";

// What one record gives: the ending of each file and its beats.
using Files = std::vector<std::pair<std::string, std::vector<dsp::Beat>>>;

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
                        record.header.string(), 0, "leads");
    }
  }
  return endings;
}

Files DelineateEachLead(const data::NamedLeads& input, double rate, dsp::Delineator method) {
  std::vector<std::vector<dsp::Beat>> beats;
  if (method == dsp::Delineator::kRobust) {
    beats = dsp::DelineateRecord(input.leads, rate).leads;
  } else {
    for (const std::vector<double>& lead : input.leads) {
      beats.push_back(dsp::Delineate(lead, rate, method));
    }
  }
  Files files;
  for (std::size_t k = 0; k < beats.size(); ++k) {
    files.emplace_back(EndingOfLead(input.names[k]), std::move(beats[k]));
  }
  return files;
}

Result<Files> DelineateFile(const wfdb::EcgRecord& record, const DelineateFolderConfig& config) {
  const data::NamedLeads input = data::LeadsToDelineate(record, config.leads);
  if (input.names.empty()) {
    const std::string wanted = config.leads.empty() ? "any" : Join(config.leads, ", ");
    std::vector<std::string> names = record.info.leads;
    names.insert(names.end(), record.other_leads.begin(), record.other_leads.end());
    return InputError("has the leads [" + Join(names, ", ") + "], none of those wanted: " + wanted,
                      record.info.name, 0, "leads");
  }
  const double rate = record.info.sampling_rate;
  if (config.each_lead) return DelineateEachLead(input, rate, config.method);
  return Files{{kPeaks, dsp::TeacherBeats(input.leads, rate, config.method)}};
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
  settings.Add(prefix + "threads", config.threads,
               "Threads; 0: the processors that this process may use.", {0, 4096});
}

DelineateFolderSummary DelineateFolder(const fs::path& input, const fs::path& output,
                                       const DelineateFolderConfig& config,
                                       ProgressSink& progress) {
  data::RecordIndex index = data::ScanFolder(input, config.threads).value();
  const OutputFolder folder = OpenOutput(output, config, index);
  wfdb::ReadOptions options;
  options.leads = config.leads;
  DelineateFolderSummary summary;
  summary.failed_list = folder.failed_list();
  summary.failed = std::move(index.failed);
  std::mutex mutex;
  std::size_t done = 0;
  progress.Begin("delineate", index.records.size());
  ParallelFor(index.records.size(), config.threads, [&](std::size_t i) {
    const data::RecordEntry& entry = index.records[i];
    Result<wfdb::EcgRecord> record = wfdb::ReadEcg(entry.header, options);
    Result<Files> files = record.ok() ? DelineateFile(*record, config) : record.error();
    std::size_t beats = 0;
    if (files.ok()) {
      for (const auto& [ending, found] : *files) {
        beats += found.size();
        const std::string bytes = wfdb::FormatAnnotations(data::AnnotationsOf(found)).value();
        WriteFileAtomic(folder.PathOf(entry.id, ending), bytes, Durability::kCached).value();
      }
    }
    const std::lock_guard<std::mutex> lock(mutex);
    if (files.ok()) {
      ++summary.records;
      summary.beats += beats;
      summary.warnings.insert(summary.warnings.end(), record->warnings.begin(),
                              record->warnings.end());
    } else {
      summary.failed.push_back({entry.id, files.error()});
    }
    progress.Advance(++done, "");
  });
  progress.End();
  std::sort(summary.failed.begin(), summary.failed.end(),
            [](const data::FailedRecord& a, const data::FailedRecord& b) { return a.id < b.id; });
  folder.WriteFailed(summary.failed).value();
  return summary;
}

}  // namespace ecg::infer
