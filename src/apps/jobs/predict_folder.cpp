#include "ecg/apps/jobs/predict_folder.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "ecg/apps/jobs/output_folder.h"
#include "ecg/core/background_writer.h"
#include "ecg/core/file.h"
#include "ecg/data/labels/peak_annotations.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/data/prepare/window.h"
#include "ecg/infer/decide.h"
#include "ecg/infer/explain.h"
#include "src/apps/jobs/prediction_stamp.h"
#include "src/apps/jobs/wide_table.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr int kWriterThreads = 4;  // that wait for the disk, not for a processor
constexpr std::size_t kWaitingFiles = 256;
constexpr char kCsv[] = ".csv";
constexpr char kPeaks[] = ".peaks";
constexpr char kWhy[] = ".why.json";

std::vector<std::string> Endings(const PredictFolderConfig& config) {
  std::vector<std::string> endings;
  if (config.files) endings.push_back(kCsv);
  if (config.predict.wanted.peaks) endings.push_back(kPeaks);
  if (config.explain) endings.push_back(kWhy);
  return endings;
}

// Nothing may be written among the recordings.
void CheckPlaces(const fs::path& input, const fs::path& output) {
  std::error_code error;
  const fs::path in = fs::weakly_canonical(input, error);
  const fs::path out = fs::weakly_canonical(output, error);
  const auto [end_of_in, ignored] = std::mismatch(in.begin(), in.end(), out.begin(), out.end());
  if (error || end_of_in != in.end()) return;
  throw Exception(
      UsageError("is the input folder or lies in it: " + input.string(), output.string()));
}

void CheckWishes(const infer::Ensemble& ensemble, const PredictFolderConfig& config) {
  if (config.predict.wanted.peaks && !ensemble.DetectsPeaks()) {
    throw Exception(
        UsageError("this model detects no peaks: it was trained with "
                   "model.peak_grid = none"));
  }
  if (config.resume && !config.table.empty()) {
    throw Exception(UsageError("a table holds what one run predicts and cannot be resumed"));
  }
}

OutputFolder OpenOutput(const fs::path& path, const infer::Ensemble& ensemble,
                        const PredictFolderConfig& config, const data::RecordIndex& index) {
  std::vector<OutputFolder::File> files;
  for (const data::RecordEntry& record : index.records) {
    for (const std::string& ending : Endings(config)) files.push_back({record.id, ending});
  }
  OutputFolder folder = OutputFolder::Create(path, files, config.records.shard).value();
  StampFolder(path, {{"model", ensemble.checksum},
                     {"lead_set", config.lead_set},
                     {"arithmetic", config.arithmetic}})
      .value();
  return folder;
}

// Removes what a process that was killed left half written. Where machines share the work another
// one may be writing there: then it stays.
void RemoveHalfWritten(const OutputFolder& folder, const data::RecordIndex& index,
                       const data::Shard& shard) {
  if (!shard.IsAll()) return;
  std::set<fs::path> folders = {folder.path()};
  for (const data::RecordEntry& record : index.records) {
    folders.insert(folder.PathOf(record.id, kCsv).parent_path());
  }
  for (const fs::path& path : folders) RemoveTemporaryFiles(path);
}

// Takes the records out of the index whose files are there; returns how many.
std::size_t LeaveOutFinished(const OutputFolder& folder, const std::vector<std::string>& endings,
                             data::RecordIndex& index) {
  const auto is_finished = [&](const data::RecordEntry& record) {
    std::error_code ignored;
    return std::all_of(endings.begin(), endings.end(), [&](const std::string& ending) {
      return fs::exists(folder.PathOf(record.id, ending), ignored);
    });
  };
  const auto rest = std::remove_if(index.records.begin(), index.records.end(), is_finished);
  const auto finished = static_cast<std::size_t>(index.records.end() - rest);
  index.records.erase(rest, index.records.end());
  return finished;
}

// Writes what the networks say of a record, or keeps why they say nothing.
class Writer {
 public:
  Writer(const infer::Ensemble& ensemble, const OutputFolder& output,
         const PredictFolderConfig& config, const std::vector<std::uint8_t>& keep,
         PredictFolderSummary& summary)
      : ensemble_(ensemble),
        output_(output),
        config_(config),
        keep_(keep),
        summary_(summary),
        files_(kWriterThreads, kWaitingFiles) {
    if (!config.table.empty()) table_.emplace(config.table, ensemble);
  }

  void Write(const data::RecordEntry& record, const dsp::RecordFaults& faults,
             const Result<infer::RecordPrediction>& predicted) {
    if (!predicted.ok()) {
      summary_.failed.push_back({record.id, predicted.error()});
      return;
    }
    const std::vector<std::uint8_t> decisions = infer::Decide(ensemble_, *predicted);
    const auto prediction = data::MakePrediction(
        record.info.name, decisions.data(), predicted->probabilities.data(), ensemble_.classes());
    if (!prediction.ok()) {
      summary_.failed.push_back({record.id, prediction.error()});
      return;
    }
    if (config_.explain) {
      const Result<std::string> why = Why(record, *predicted, decisions);
      if (!why.ok()) {
        summary_.failed.push_back({record.id, why.error()});
        return;
      }
      files_.Push(output_.PathOf(record.id, kWhy), *why);
    }
    if (config_.predict.wanted.peaks) {
      const wfdb::AnnotationFile annotations =
          data::AnnotationsOf(predicted->peaks, predicted->peak_rate, record.info.sampling_rate);
      files_.Push(output_.PathOf(record.id, kPeaks), wfdb::FormatAnnotations(annotations).value());
    }
    if (config_.files) {
      files_.Push(output_.PathOf(record.id, kCsv), data::FormatPrediction(*prediction));
    }
    if (table_) table_->Add(record.id, faults, *predicted, decisions);
    ++summary_.predicted;
  }

  // `whole`: whether all records were written; a table of some is not finished.
  void Finish(bool whole) {
    files_.Finish();
    if (table_ && whole) table_->Finish();
  }

 private:
  // Reads the record once more: few are explained, and many are in memory at a time.
  Result<std::string> Why(const data::RecordEntry& record, const infer::RecordPrediction& predicted,
                          const std::vector<std::uint8_t>& decisions) {
    const std::vector<data::PreprocessConfig> ways = ensemble_.Preparations();
    const auto ready = data::ReadReady(record.path, ways);
    if (!ready.ok()) return ready.error();
    return infer::FormatExplanations(
        record.info.name, ways.front().leads,
        infer::Explain(ensemble_, *ready, keep_, predicted, decisions));
  }

  const infer::Ensemble& ensemble_;
  const OutputFolder& output_;
  const PredictFolderConfig& config_;
  const std::vector<std::uint8_t>& keep_;
  PredictFolderSummary& summary_;
  BackgroundWriter files_;
  std::optional<WideTable> table_;
};

}  // namespace

PredictFolderSummary PredictFolder(const infer::Ensemble& ensemble, const fs::path& input,
                                   const fs::path& output, const PredictFolderConfig& config,
                                   ProgressSink& progress, const StopToken& stop) {
  CheckWishes(ensemble, config);
  CheckPlaces(input, output);
  data::RecordIndex index = data::ScanFolder(input, config.threads, config.records).value();
  const OutputFolder folder = OpenOutput(output, ensemble, config, index);
  PredictFolderSummary summary;
  summary.failed_list = folder.failed_list();
  summary.failed = std::move(index.failed);
  if (config.resume) {
    RemoveHalfWritten(folder, index, config.records.shard);
    summary.there_before = LeaveOutFinished(folder, Endings(config), index);
  }

  const std::vector<data::PreprocessConfig> preparations = ensemble.Preparations();
  std::mutex notes_mutex;
  std::map<std::size_t, dsp::RecordFaults> faults;  // of records on their way
  infer::RecordFeed feed;
  feed.count = index.records.size();
  feed.bytes = [&](std::size_t i) {
    return data::BytesToPrepare(index.records[i].info, preparations);
  };
  feed.ready = [&](std::size_t i) {
    std::vector<std::string> warnings;
    dsp::RecordFaults own;
    auto ready = data::ReadReady(index.records[i].path, preparations, &warnings,
                                 config.table.empty() ? nullptr : &own);
    const std::lock_guard<std::mutex> lock(notes_mutex);
    summary.warnings.insert(summary.warnings.end(), warnings.begin(), warnings.end());
    if (!own.empty()) faults[i] = std::move(own);
    return ready;
  };
  if (!config.lead_set.empty()) {
    feed.keep = data::ChannelsOfLeadSet(config.lead_set, preparations.front().leads).value();
  }
  const auto take_faults = [&](std::size_t i) {
    const std::lock_guard<std::mutex> lock(notes_mutex);
    const auto node = faults.extract(i);
    return node ? node.mapped() : dsp::RecordFaults();
  };
  Writer writer(ensemble, folder, config, feed.keep, summary);
  progress.Begin("predict", feed.count);
  const bool whole = infer::PredictRecords(
      ensemble, config.predict, feed,
      [&](std::size_t i, const Result<infer::RecordPrediction>& predicted) {
        writer.Write(index.records[i], take_faults(i), predicted);
        progress.Advance(i + 1, "");
      },
      stop);
  summary.stopped = !whole;
  writer.Finish(whole);
  progress.End();
  folder.WriteFailed(summary.failed).value();
  return summary;
}

}  // namespace ecg::jobs
