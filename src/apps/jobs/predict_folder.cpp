#include "ecg/apps/jobs/predict_folder.h"

#include <algorithm>
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
  if (config.predict.explain) endings.push_back(kWhy);
  return endings;
}

// Nothing may be written among the recordings.
void CheckPlaces(const data::RecordInputs& inputs, const fs::path& output) {
  for (const fs::path& input : inputs.paths) {
    std::error_code error;
    const bool is_folder = fs::is_directory(input, error);
    const fs::path in =
        fs::weakly_canonical(is_folder ? input : fs::absolute(input).parent_path(), error);
    const fs::path out = fs::weakly_canonical(output, error);
    const auto [end_of_in, ignored] = std::mismatch(in.begin(), in.end(), out.begin(), out.end());
    if (error || end_of_in != in.end() || (!is_folder && in != out)) continue;
    throw Exception(UsageError(is_folder ? "is the input folder or lies in it: " + input.string()
                                         : "is the folder of the recording " + input.string(),
                               output.string()));
  }
}

void CheckWishes(const infer::Ensemble& ensemble, const PredictFolderConfig& config) {
  if (config.predict.wanted.peaks && !ensemble.DetectsPeaks()) {
    throw Exception(infer::NoPeaks());
  }
  if (config.resume && !config.table.path.empty()) {
    throw Exception(UsageError("a table holds what one run predicts and cannot be resumed"));
  }
}

OutputFolder OpenOutput(const fs::path& path, const infer::Ensemble& ensemble,
                        const PredictFolderConfig& config,
                        const std::vector<data::RecordPath>& records) {
  std::vector<OutputFolder::File> files;
  for (const data::RecordPath& record : records) {
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
void RemoveHalfWritten(const OutputFolder& folder, const std::vector<data::RecordPath>& records,
                       const data::Shard& shard) {
  if (!shard.IsAll()) return;
  std::set<fs::path> folders = {folder.path()};
  for (const data::RecordPath& record : records) {
    folders.insert(folder.PathOf(record.id, kCsv).parent_path());
  }
  for (const fs::path& path : folders) RemoveTemporaryFiles(path);
}

// Takes the records out whose files are there; returns how many.
std::size_t LeaveOutFinished(const OutputFolder& folder, const std::vector<std::string>& endings,
                             std::vector<data::RecordPath>& records) {
  const auto is_finished = [&](const data::RecordPath& record) {
    std::error_code ignored;
    return std::all_of(endings.begin(), endings.end(), [&](const std::string& ending) {
      return fs::exists(folder.PathOf(record.id, ending), ignored);
    });
  };
  const auto rest = std::remove_if(records.begin(), records.end(), is_finished);
  const auto finished = static_cast<std::size_t>(records.end() - rest);
  records.erase(rest, records.end());
  return finished;
}

// Writes what is said of a record, or keeps why nothing is.
class Writer {
 public:
  Writer(const infer::Ensemble& ensemble, const OutputFolder& output,
         const PredictFolderConfig& config, PredictFolderSummary& summary)
      : ensemble_(ensemble),
        output_(output),
        config_(config),
        summary_(summary),
        files_(kWriterThreads, kWaitingFiles) {
    if (!config.table.path.empty()) table_.emplace(config.table, ensemble);
  }

  void Write(const std::string& id, const Result<infer::RecordAnswer>& answer) {
    const Status written = !answer.ok() ? Status(answer.error()) : Push(id, *answer);
    if (written.ok()) {
      ++summary_.predicted;
    } else {
      summary_.failed.push_back({id, written.error()});
    }
  }

  // `whole`: whether all records were written; a table of some is not finished.
  void Finish(bool whole) {
    files_.Finish();
    if (table_ && whole) table_->Finish();
  }

 private:
  Status Push(const std::string& id, const infer::RecordAnswer& answer) {
    summary_.warnings.insert(summary_.warnings.end(), answer.warnings.begin(),
                             answer.warnings.end());
    if (answer.unclassifiable) {
      ++summary_.unclassifiable;
      if (table_) table_->Add(id, answer);
      return infer::NotClassifiable(answer);
    }
    const auto prediction = data::MakePrediction(answer.info.name, answer.decisions.data(),
                                                 answer.probabilities.data(), ensemble_.classes());
    if (!prediction.ok()) return prediction.error();
    if (config_.predict.explain) {
      files_.Push(output_.PathOf(id, kWhy),
                  infer::FormatExplanations(answer.info.name, FirstLeads(), answer.explanations));
    }
    if (config_.predict.wanted.peaks) {
      const wfdb::AnnotationFile annotations =
          data::AnnotationsOf(answer.peaks, answer.peak_rate, answer.info.sampling_rate);
      files_.Push(output_.PathOf(id, kPeaks), wfdb::FormatAnnotations(annotations).value());
    }
    if (config_.files) files_.Push(output_.PathOf(id, kCsv), data::FormatPrediction(*prediction));
    if (table_) table_->Add(id, answer);
    return {};
  }

  const std::vector<std::string>& FirstLeads() const {
    return ensemble_.general.members.front().info.preprocess.leads;
  }

  const infer::Ensemble& ensemble_;
  const OutputFolder& output_;
  const PredictFolderConfig& config_;
  PredictFolderSummary& summary_;
  BackgroundWriter files_;
  std::optional<WideTable> table_;
};

}  // namespace

PredictFolderSummary PredictFolder(const infer::Ensemble& ensemble,
                                   const data::RecordInputs& inputs, const fs::path& output,
                                   const PredictFolderConfig& config, ProgressSink& progress,
                                   const StopToken& stop) {
  CheckWishes(ensemble, config);
  CheckPlaces(inputs, output);
  std::vector<data::RecordPath> records = data::SelectRecords(inputs, config.records).value();
  const OutputFolder folder = OpenOutput(output, ensemble, config, records);
  PredictFolderSummary summary;
  summary.failed_list = folder.failed_list();
  if (config.resume) {
    RemoveHalfWritten(folder, records, config.records.shard);
    summary.there_before = LeaveOutFinished(folder, Endings(config), records);
  }
  infer::PredictConfig predict = config.predict;
  predict.quality = predict.measure = !config.table.path.empty();
  if (!config.lead_set.empty()) {
    const auto& channels = ensemble.general.members.front().info.preprocess.leads;
    predict.keep = data::ChannelsOfLeadSet(config.lead_set, channels).value();
  }
  std::vector<fs::path> paths;
  for (const data::RecordPath& record : records) paths.push_back(record.path);
  infer::FileSource source(std::move(paths), inputs.told);
  Writer writer(ensemble, folder, config, summary);
  progress.Begin("predict", records.size());
  const bool whole = infer::PredictRecords(
      ensemble, predict, source,
      [&](std::size_t i, const Result<infer::RecordAnswer>& answer) {
        writer.Write(records[i].id, answer);
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
