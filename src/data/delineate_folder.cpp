#include "ecg/data/delineate_folder.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/data/peak_annotations.h"
#include "ecg/data/teacher.h"
#include "ecg/wfdb/ecg_record.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// What one record gives: the ending of each file and its beats.
using Files = std::vector<std::pair<std::string, std::vector<dsp::Beat>>>;

Files DelineateEachLead(const NamedLeads& input, double rate, dsp::Delineator method) {
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
    files.emplace_back(ToLower(input.names[k]), std::move(beats[k]));
  }
  return files;
}

Result<Files> DelineateFile(const wfdb::EcgRecord& record, const DelineateFolderConfig& config) {
  const NamedLeads input = LeadsToDelineate(record, config.leads);
  if (input.names.empty()) {
    const std::string wanted = config.leads.empty() ? "any" : Join(config.leads, ", ");
    std::vector<std::string> names = record.info.leads;
    names.insert(names.end(), record.other_leads.begin(), record.other_leads.end());
    return InputError("has the leads [" + Join(names, ", ") + "], none of those wanted: " + wanted,
                      record.info.name, 0, "leads");
  }
  const double rate = record.info.sampling_rate;
  if (config.each_lead) return DelineateEachLead(input, rate, config.method);
  return Files{{"peaks", dsp::TeacherBeats(input.leads, rate, config.method)}};
}

}  // namespace

DelineateFolderSummary DelineateFolder(const fs::path& input, const fs::path& output,
                                       const DelineateFolderConfig& config,
                                       ProgressSink& progress) {
  RecordIndex index = ScanFolder(input, config.threads).value();
  CreateFolder(output).value();
  wfdb::ReadOptions options;
  options.leads = config.leads;
  DelineateFolderSummary summary;
  summary.failed = std::move(index.failed);
  std::mutex mutex;
  std::size_t done = 0;
  progress.Begin("delineate", index.records.size());
  ParallelFor(index.records.size(), config.threads, [&](std::size_t i) {
    const RecordEntry& entry = index.records[i];
    Result<wfdb::EcgRecord> record = wfdb::ReadEcg(entry.header, options);
    Result<Files> files = record.ok() ? DelineateFile(*record, config) : record.error();
    std::size_t beats = 0;
    if (files.ok()) {
      for (const auto& [ending, found] : *files) {
        beats += found.size();
        const std::string bytes = wfdb::FormatAnnotations(AnnotationsOf(found)).value();
        WriteFileAtomic(output / (entry.id + "." + ending), bytes, Durability::kCached).value();
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
            [](const FailedRecord& a, const FailedRecord& b) { return a.id < b.id; });
  WriteFailedList(output / "failed.csv", summary.failed).value();
  return summary;
}

}  // namespace ecg::data
