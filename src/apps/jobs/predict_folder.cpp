#include "ecg/apps/jobs/predict_folder.h"

#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "ecg/apps/jobs/output_folder.h"
#include "ecg/apps/jobs/report_record.h"
#include "ecg/core/background_writer.h"
#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/core/version.h"
#include "ecg/data/labels/peak_annotations.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/data/prepare/window.h"
#include "ecg/data/records/input_guard.h"
#include "src/apps/jobs/choose.h"
#include "src/apps/jobs/prediction_pages.h"
#include "src/apps/jobs/prediction_stamp.h"
#include "src/apps/jobs/read_part.h"
#include "src/apps/jobs/record_journal.h"
#include "src/apps/jobs/wide_table.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr int kWriterThreads = 2;  // so that one may wait for the disk
constexpr std::size_t kWaitingFiles = 256;
constexpr char kTool[] = "ecgpredict";
constexpr char kCsv[] = ".csv";
constexpr char kPeaks[] = ".peaks";
constexpr char kWhy[] = ".why.json";

std::vector<std::string> Endings(const PredictFolderConfig& config) {
  std::vector<std::string> endings;
  if (config.files) endings.push_back(kCsv);
  if (config.predict.wanted.peaks) endings.push_back(kPeaks);
  if (config.predict.explain) endings.push_back(kWhy);
  return endings;
}

void CheckWishes(const infer::Ensemble& ensemble, const PredictFolderConfig& config) {
  if (config.predict.wanted.peaks && !ensemble.DetectsPeaks()) {
    throw Exception(infer::NoPeaks());
  }
  if (config.resume && !config.table.path.empty()) {
    throw Exception(UsageError("a table holds what one run predicts and cannot be resumed"));
  }
  if (config.choose.count > 0 && (config.resume || !config.records.shard.IsAll())) {
    throw Exception(UsageError(
        "recordings are chosen among all, which a run that resumes or does a share of them does "
        "not see"));
  }
}

// What decides the files of a record besides the record and what the stamp says, as the journal has
// it: the classes that are explained, and what was told of the recording.
std::string AskedFor(const infer::PredictConfig& predict, const record::OpenOptions& told) {
  Json asked = Json::object();
  if (predict.explain) asked["explain"] = predict.explain_only;
  AddTold(told, asked);
  return asked.empty() ? "" : DumpJsonLine(asked);
}

// Which model's the predictions are, and of what else they are, as the stamp beside them has it.
Json StampOf(const infer::Ensemble& ensemble, const PredictFolderConfig& config) {
  Json stamp = {{"model", ensemble.checksum},
                {"lead_set", config.lead_set},
                {"arithmetic", config.arithmetic}};
  const std::string& point = ensemble.general.decision.point.name;
  if (!point.empty()) stamp["operating_point"] = point;
  if (config.predict.mend_electrodes) stamp["mend_electrodes"] = true;
  return stamp;
}

OutputFolder OpenOutput(const fs::path& path, const infer::Ensemble& ensemble,
                        const PredictFolderConfig& config,
                        const std::vector<data::RecordPath>& records) {
  data::InputGuard guard;
  std::vector<OutputFolder::RecordFiles> files;
  for (const data::RecordPath& record : records) {
    guard.Add(record);
    files.push_back({record, Endings(config)});
  }
  if (!config.table.path.empty()) guard.CheckFile(config.table.path, {".csv"}).value();
  if (!config.report.empty()) guard.CheckFolder(config.report).value();
  std::vector<std::string> own = {kStampFile, RecordJournal::NameOf(kTool, config.records.shard)};
  if (config.choose.count > 0) own.emplace_back(data::kChosenFile);
  OutputFolder folder =
      OutputFolder::Create(path, std::move(files), guard, own, config.records.shard).value();
  StampFolder(path, StampOf(ensemble, config)).value();
  return folder;
}

// Removes what a process that was killed left half written. Where machines share the work another
// one may be writing there: then it stays.
void RemoveHalfWritten(const OutputFolder& folder, const data::Shard& shard) {
  if (!shard.IsAll()) return;
  std::set<fs::path> folders = {folder.path()};
  for (const auto& files : folder.records()) {
    folders.insert(folder.PathOf(files.record.id, kCsv).parent_path());
  }
  for (const fs::path& path : folders) RemoveTemporaryFiles(path);
}

// The records whose files are not there, or are of something else, or that have no page where pages
// are made; counts the others, and those that have to be made again.
std::vector<OutputFolder::RecordFiles> LeaveOutFinished(const OutputFolder& folder,
                                                        const PredictFolderConfig& config,
                                                        const record::OpenOptions& told,
                                                        PredictionPages* pages,
                                                        PredictFolderSummary& summary) {
  const std::string asked = AskedFor(config.predict, told);
  const JournalEntries journal = RecordJournal::ReadAll(folder.path(), kTool).value();
  const std::vector<OutputFolder::RecordFiles>& all = folder.records();
  enum : char { kNew, kAgain, kDone };
  std::vector<char> state(all.size(), kNew);
  ParallelFor(all.size(), config.threads, [&](std::size_t i) {
    const std::string& id = all[i].record.id;
    const auto entry = journal.find(id);
    std::error_code ignored;
    if (entry != journal.end() && StillHolds(entry->second, all[i].record.path, told,
                                             folder.PathOf(id, {}), all[i].endings, asked)) {
      // Without its page it is predicted again, though nothing has changed.
      if (pages == nullptr || pages->Has(id, entry->second.recording)) state[i] = kDone;
    } else if (fs::exists(folder.PathOf(id, kCsv), ignored)) {
      state[i] = kAgain;
    }
  });
  std::vector<OutputFolder::RecordFiles> rest;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (state[i] != kDone) rest.push_back(all[i]);
    if (state[i] == kDone && pages != nullptr) pages->Keep(all[i].record);
    if (state[i] == kAgain) ++summary.made_again;
  }
  summary.there_before = all.size() - rest.size();
  summary.without_journal = journal.empty();
  return rest;
}

// Writes what is said of a record, or keeps why nothing is.
class Writer {
 public:
  Writer(const infer::Ensemble& ensemble, const OutputFolder& output,
         const PredictFolderConfig& config, std::string asked, PredictFolderSummary& summary)
      : ensemble_(ensemble),
        output_(output),
        config_(config),
        asked_(std::move(asked)),
        summary_(summary),
        files_(kWriterThreads, kWaitingFiles) {
    if (!Endings(config).empty()) {
      journal_ = RecordJournal::Open(output.path(), kTool, config.records.shard).value();
    }
    if (!config.table.path.empty()) table_.emplace(config.table, ensemble);
    if (config.choose.count > 0) choice_.emplace(ensemble.classes());
  }

  void AddPages(PredictionPages* pages) { pages_ = pages; }

  void Write(const OutputFolder::RecordFiles& files, const Result<infer::RecordAnswer>& answer) {
    const Status written = !answer.ok() ? Status(answer.error()) : Push(files, *answer);
    if (pages_ != nullptr) pages_->Add(files.record, answer);
    if (written.ok()) {
      ++summary_.predicted;
      written_.push_back(files);
    } else {
      summary_.failed.push_back({files.record.id, written.error()});
    }
  }

  // `whole`: whether all records were written; a table of some is not finished.
  void Finish(bool whole) {
    files_.Finish();
    output_.CheckWritten(written_, "; --resume makes again what is missing").value();
    if (!whole) return;
    if (journal_) journal_->Tidy().value();
    if (table_) table_->Finish();
    if (!choice_) return;
    const std::string text = choice_->Table(config_.choose.count, config_.choose.seed);
    WriteFileAtomic(output_.PathOf(std::string(data::kChosenFile), {}), text).value();
  }

 private:
  using Texts = std::map<std::string, std::string>;  // by ending

  Status Push(const OutputFolder::RecordFiles& files, const infer::RecordAnswer& answer) {
    const std::string& id = files.record.id;
    for (const auto& warnings : {answer.warnings, infer::DoubtsOf(answer)}) {
      summary_.warnings.insert(summary_.warnings.end(), warnings.begin(), warnings.end());
    }
    if (IsLong(answer.info)) ++summary_.longer_than_hour;
    if (answer.unclassifiable) {
      ++summary_.unclassifiable;
      if (table_) table_->Add(id, answer);
      return infer::NotClassifiable(answer);
    }
    Result<Texts> texts = TextsOf(answer);
    if (!texts.ok()) return texts.error();
    std::map<std::string, fs::path> places;
    for (const std::string& ending : files.endings) {
      Result<fs::path> place = output_.Place(id, ending);
      if (!place.ok()) return place.error();
      places[ending] = std::move(*place);
    }
    Note(id, answer, *texts);
    for (const std::string& ending : files.endings) {
      files_.Push(std::move(places[ending]), std::move((*texts)[ending]));
    }
    if (table_) table_->Add(id, answer);
    if (choice_) choice_->Add(id, answer);
    return {};
  }

  Result<Texts> TextsOf(const infer::RecordAnswer& answer) const {
    const auto prediction = data::MakePrediction(answer.info.name, answer.decisions.data(),
                                                 answer.probabilities.data(), ensemble_.classes());
    if (!prediction.ok()) return prediction.error();
    Texts texts;
    if (config_.predict.explain) {
      texts[kWhy] = infer::FormatExplanations(answer.info.name, FirstLeads(), answer.explanations);
    }
    if (config_.predict.wanted.peaks) {
      const wfdb::AnnotationFile annotations =
          data::AnnotationsOf(answer.peaks, answer.peak_rate, answer.info.sampling_rate);
      texts[kPeaks] = wfdb::FormatAnnotations(annotations).value();
    }
    if (config_.files) texts[kCsv] = data::FormatPrediction(*prediction);
    return texts;
  }

  // A record whose files nobody could read to the end has no content that could be told again.
  void Note(const std::string& id, const infer::RecordAnswer& answer, const Texts& texts) {
    if (!journal_ || !answer.content) return;
    JournalEntry entry{Hexadecimal(*answer.content), asked_, {}};
    for (const auto& [ending, text] : texts) entry.files[ending] = Sha256(text);
    journal_->Add(id, entry).value();
  }

  const std::vector<std::string>& FirstLeads() const {
    return ensemble_.general.members.front().info.preprocess.leads;
  }

  const infer::Ensemble& ensemble_;
  const OutputFolder& output_;
  const PredictFolderConfig& config_;
  const std::string asked_;
  PredictFolderSummary& summary_;
  BackgroundWriter files_;
  std::optional<RecordJournal> journal_;
  std::vector<OutputFolder::RecordFiles> written_;
  std::optional<WideTable> table_;
  PredictionPages* pages_ = nullptr;
  std::optional<Choice> choice_;
};

// What the networks are asked, and what is to be known of each record besides.
infer::PredictConfig AskedOf(const infer::Ensemble& ensemble, const PredictFolderConfig& config) {
  infer::PredictConfig predict = config.predict;
  const bool pages = !config.report.empty();
  predict.quality = predict.measure = pages || !config.table.path.empty();
  predict.explain = predict.explain || (pages && config.explain_report);
  predict.content = true;
  if (!config.lead_set.empty()) {
    const auto& channels = ensemble.general.members.front().info.preprocess.leads;
    predict.keep = data::ChannelsOfLeadSet(config.lead_set, channels).value();
  }
  return predict;
}

// Predicts the records into their files and the table; false where a stop is wished.
bool Predict(const infer::Ensemble& ensemble, const PredictFolderConfig& config,
             const record::OpenOptions& told, const OutputFolder& folder,
             const std::vector<OutputFolder::RecordFiles>& records, PredictionPages* pages,
             PredictFolderSummary& summary, ProgressSink& progress, const StopToken& stop) {
  std::vector<fs::path> paths;
  for (const auto& files : records) paths.push_back(files.record.path);
  infer::FileSource source(std::move(paths), told);
  Writer writer(ensemble, folder, config, AskedFor(config.predict, told), summary);
  const infer::PredictConfig asked = AskedOf(ensemble, config);
  writer.AddPages(pages);
  progress.Begin("predict", records.size());
  const bool whole = infer::PredictRecords(
      ensemble, asked, source,
      [&](std::size_t i, const Result<infer::RecordAnswer>& answer) {
        writer.Write(records[i], answer);
        progress.Advance(i + 1, "");
      },
      stop);
  writer.Finish(whole);
  if (pages != nullptr) pages->Finish(whole);
  progress.End();
  return whole;
}

}  // namespace

PredictFolderSummary PredictFolder(const infer::Ensemble& ensemble,
                                   const data::RecordInputs& inputs, const fs::path& output,
                                   const PredictFolderConfig& config, ProgressSink& progress,
                                   const StopToken& stop) {
  CheckWishes(ensemble, config);
  PredictFolderSummary summary;
  const std::vector<data::RecordPath> records =
      data::SelectRecords(inputs, config.records, &summary.failed).value();
  const OutputFolder folder = OpenOutput(output, ensemble, config, records);
  summary.failed_list = folder.failed_list();
  summary.failed.insert(summary.failed.end(), folder.refused().begin(), folder.refused().end());
  std::vector<OutputFolder::RecordFiles> rest = folder.records();
  std::optional<PredictionPages> pages;
  if (!config.report.empty()) {
    const Json made_of = {StampOf(ensemble, config), AskedFor(config.predict, inputs.told),
                          Version(), GitRevision()};
    pages.emplace(ensemble, config, inputs.told, MeasuredLeads(ensemble, AskedOf(ensemble, config)),
                  DumpJsonLine(made_of), folder.refused());
  }
  PredictionPages* const own_pages = pages ? &*pages : nullptr;
  if (config.resume) {
    RemoveHalfWritten(folder, config.records.shard);
    rest = LeaveOutFinished(folder, config, inputs.told, own_pages, summary);
  }
  try {
    summary.stopped =
        !Predict(ensemble, config, inputs.told, folder, rest, own_pages, summary, progress, stop);
  } catch (...) {
    // Whatever ended the run: what failed before is still told, where that can be written.
    static_cast<void>(folder.WriteFailed(summary.failed));
    throw;
  }
  folder.WriteFailed(summary.failed).value();
  return summary;
}

}  // namespace ecg::jobs
