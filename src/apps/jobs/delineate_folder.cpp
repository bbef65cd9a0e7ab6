#include "ecg/apps/jobs/delineate_folder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "ecg/apps/jobs/output_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/file_name.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/peak_annotations.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/infer/measurement.h"
#include "ecg/infer/source.h"
#include "src/apps/jobs/interval_table.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kPeaks[] = ".peaks";

// The beats that go into each of a record's files, by their endings.
using Files = std::vector<std::pair<std::string, const std::vector<dsp::Beat>*>>;

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

infer::Wishes WishesOf(const DelineateFolderConfig& config) {
  infer::Wishes wishes;
  wishes.leads = config.leads;
  infer::MeasureConfig& measure = wishes.measure.emplace();
  measure.method = config.method;
  measure.leads = config.leads;
  measure.each_lead = config.each_lead;
  wishes.refuse_unclassifiable = true;
  wishes.mend_electrodes = config.mend_electrodes;
  measure.intervals = !config.intervals.empty() || config.compare_intervals;
  measure.common = measure.intervals || !config.each_lead;
  return wishes;
}

Files FilesOf(const infer::Measured& measured, const DelineateFolderConfig& config) {
  if (!config.each_lead) return {{kPeaks, &measured.beats}};
  Files files;
  for (std::size_t k = 0; k < measured.leads.size(); ++k) {
    files.emplace_back(EndingOfLead(measured.leads[k]), &measured.of_lead[k]);
  }
  return files;
}

// What the reference says of a record's files; empty where it has none of them.
Result<std::optional<score::WaveTallies>> Compare(const std::string& id, const Files& files,
                                                  double rate,
                                                  const DelineateFolderConfig& config) {
  std::optional<score::WaveTallies> sum;
  for (const auto& [own, beats] : files) {
    const std::string& ending = config.reference_ending;
    const fs::path path = fs::path(config.reference) / (id + (ending.empty() ? own : "." + ending));
    std::error_code none;
    if (!fs::exists(path, none)) continue;
    const Result<wfdb::AnnotationFile> marks = wfdb::ReadAnnotations(path);
    if (!marks.ok()) return marks.error();
    const double scale = marks->frequency > 0 ? rate / marks->frequency : 1;
    const score::WaveTallies tallies =
        score::CompareWaves(data::WavesOf(*marks, scale), dsp::WavesOf(*beats), rate);
    if (!sum) sum.emplace();
    for (std::size_t k = 0; k < tallies.size(); ++k) (*sum)[k].Add(tallies[k]);
  }
  return sum;
}

// What a quantity was measured as; NaN where it could not be.
double OwnOf(record::Quantity quantity, const std::vector<infer::Measurement>& own) {
  // QTc of an unnamed formula is mostly Bazett's.
  const std::string name =
      record::NameOf(quantity == record::Quantity::kQtc ? record::Quantity::kQtcBazett : quantity);
  const auto found = std::find_if(own.begin(), own.end(),
                                  [&](const auto& measured) { return name == measured.name; });
  return found == own.end() ? NAN : found->value;
}

void CompareIntervals(const std::string& id, const dsp::Measurements& measured,
                      const record::StatedMeasurements& stated, DelineateFolderSummary& summary) {
  const std::vector<infer::Measurement> own = infer::MeasurementsOf(measured);
  if (!stated.empty()) ++summary.stating;
  for (std::size_t q = 0; q < record::kQuantities; ++q) {
    const auto quantity = static_cast<record::Quantity>(q);
    const std::optional<double> value = stated.Of(quantity);
    const double ours = OwnOf(quantity, own);
    if (value && std::isfinite(ours)) summary.measured_twice[q].push_back({id, ours, *value});
  }
}

// The records to delineate and the files that each of them gets. Which these are where each lead
// has its own is known once the records have been opened; those whose leads would share a file, or
// that cannot be opened, fail.
struct Plan {
  std::vector<OutputFolder::RecordFiles> records;
  std::vector<data::FailedRecord> failed;
};

Plan PlanFiles(const data::RecordInputs& inputs, const DelineateFolderConfig& config) {
  Plan plan;
  if (!config.each_lead) {
    const auto records = data::SelectRecords(inputs, {}, &plan.failed).value();
    for (const data::RecordPath& record : records) plan.records.push_back({record, {kPeaks}});
    return plan;
  }
  data::RecordIndex index = data::ScanRecords(inputs, config.threads).value();
  plan.failed = std::move(index.failed);
  for (const data::RecordEntry& record : index.records) {
    const Result<std::vector<std::string>> endings = EndingsOf(record, config);
    if (!endings.ok()) {
      plan.failed.push_back({record.id, endings.error()});
      continue;
    }
    plan.records.push_back({record, *endings});
  }
  return plan;
}

// Writes what is found in a record, or keeps why nothing is.
class Writer {
 public:
  Writer(const OutputFolder& output, const DelineateFolderConfig& config,
         DelineateFolderSummary& summary)
      : output_(output), config_(config), summary_(summary) {
    if (!config.intervals.empty()) table_.emplace(config.intervals, config.mend_electrodes);
  }

  void Write(const data::RecordPath& record, const Result<infer::Asked>& asked) {
    OutputFolder::RecordFiles files{record, {}};
    const Status written = asked.ok() ? WriteFiles(asked->answer, files) : asked.error();
    if (written.ok()) {
      ++summary_.records;
      written_.push_back(std::move(files));
    } else {
      summary_.failed.push_back({record.id, written.error()});
    }
  }

  void Finish() {
    output_.CheckWritten(written_).value();
    if (table_) table_->Finish();
    if (!config_.reference.empty() && summary_.comparison.empty()) {
      throw Exception(InputError("marks none of the records", config_.reference, 0, "compare"));
    }
    WriteFailed().value();
    if (config_.compare_intervals && summary_.stating == 0) {
      throw Exception(InputError("not one of the recordings' files states a measurement", {}, 0,
                                 "compare_intervals"));
    }
  }

  Status WriteFailed() {
    std::sort(summary_.failed.begin(), summary_.failed.end(),
              [](const data::FailedRecord& a, const data::FailedRecord& b) { return a.id < b.id; });
    return output_.WriteFailed(summary_.failed);
  }

 private:
  // Not every file that was planned: a lead that shows nothing has no beats of its own.
  Status WriteFiles(const infer::RecordAnswer& answer, OutputFolder::RecordFiles& written) {
    const std::string& id = written.record.id;
    if (answer.unclassifiable) {
      ++summary_.unclassifiable;
      return infer::NotClassifiable(answer);
    }
    const infer::Measured& found = *answer.measured;
    const Files files = FilesOf(found, config_);
    if (!config_.reference.empty()) {
      const auto tallies = Compare(id, files, found.sampling_rate, config_);
      if (!tallies.ok()) return tallies.error();
      if (*tallies) summary_.comparison.push_back(**tallies);
    }
    for (const auto& [ending, beats] : files) {
      summary_.beats += beats->size();
      const std::string bytes =
          wfdb::FormatAnnotations(data::AnnotationsOf(*beats, found.typed.types)).value();
      const Result<fs::path> place = output_.Place(id, ending);
      if (!place.ok()) return place.error();
      WriteFileAtomic(*place, bytes, Durability::kCached).value();
      written.endings.push_back(ending);
    }
    if (table_) table_->Add(id, found, answer.mended);
    if (config_.compare_intervals) {
      CompareIntervals(id, found.values, answer.info.measured, summary_);
    }
    for (const auto& warnings : {answer.warnings, infer::DoubtsOf(answer)}) {
      summary_.warnings.insert(summary_.warnings.end(), warnings.begin(), warnings.end());
    }
    return {};
  }

  const OutputFolder& output_;
  const DelineateFolderConfig& config_;
  DelineateFolderSummary& summary_;
  std::vector<OutputFolder::RecordFiles> written_;
  std::optional<IntervalTable> table_;
};

OutputFolder OpenOutput(const fs::path& path, const std::vector<OutputFolder::RecordFiles>& records,
                        const DelineateFolderConfig& config) {
  data::InputGuard guard;
  for (const OutputFolder::RecordFiles& files : records) guard.Add(files.record);
  if (!config.intervals.empty()) guard.CheckFile(config.intervals, {".csv", ".jsonl"}).value();
  if (!config.picture.empty()) guard.CheckFile(config.picture, {".svg"}).value();
  return OutputFolder::Create(path, records, guard).value();
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
  settings.Add(prefix + "mend_electrodes", config.mend_electrodes,
               "Undo first what looks exchanged, electrodes and leads turned over; the intervals "
               "name it in `mended`.");
  settings.Add(prefix + "intervals", config.intervals,
               "Write what is measured in each record, heart rate, PR, QRS, QT, QTc, axes, "
               "amplitudes, to this file: .csv, or .jsonl with the median beat.");
  settings.Add(prefix + "compare", config.reference,
               "Compare with the annotation files of the same names in this folder: sensitivity, "
               "positive predictivity and errors of the marks.");
  settings.Add(prefix + "compare_ending", config.reference_ending,
               "How the names of these files end, as in atr; empty: as those written do.");
  settings.Add(prefix + "compare_intervals", config.compare_intervals,
               "Compare rate, intervals and axes with those that the recordings' own files state: "
               "mean difference and limits of agreement (Bland and Altman).");
  settings.Add(prefix + "picture", config.picture,
               "Draw that comparison, a point a recording, into this file, .svg.");
  settings.Add(prefix + "threads", config.threads,
               "Threads; 0: the processors that this process may use.", {0, 4096});
}

DelineateFolderSummary DelineateFolder(const data::RecordInputs& inputs, const fs::path& output,
                                       const DelineateFolderConfig& config,
                                       ProgressSink& progress) {
  if (!config.picture.empty() && !config.compare_intervals) {
    throw Exception(UsageError("needs compare_intervals", {}, 0, "picture"));
  }
  Plan plan = PlanFiles(inputs, config);
  const OutputFolder folder = OpenOutput(output, plan.records, config);
  DelineateFolderSummary summary;
  summary.failed_list = folder.failed_list();
  summary.failed = std::move(plan.failed);
  summary.failed.insert(summary.failed.end(), folder.refused().begin(), folder.refused().end());
  std::vector<fs::path> paths;
  for (const auto& files : folder.records()) paths.push_back(files.record.path);
  infer::FileSource source(std::move(paths), inputs.told);
  infer::ReadAheadConfig ahead;
  ahead.threads = config.threads > 0 ? config.threads : AvailableThreads();
  Writer writer(folder, config, summary);
  progress.Begin("delineate", folder.records().size());
  try {
    infer::ReadAhead(source, WishesOf(config), ahead, {},
                     [&](std::size_t i, const Result<infer::Asked>& asked) {
                       writer.Write(folder.records()[i].record, asked);
                       progress.Advance(i + 1, "");
                     });
    progress.End();
    writer.Finish();
  } catch (...) {
    // Whatever ended the run: what failed before is still told, where that can be written.
    static_cast<void>(writer.WriteFailed());
    throw;
  }
  return summary;
}

}  // namespace ecg::jobs
