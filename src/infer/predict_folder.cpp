#include "ecg/infer/predict_folder.h"

#include <mutex>
#include <utility>

#include "ecg/core/background_writer.h"
#include "ecg/data/peak_annotations.h"
#include "ecg/data/prediction_file.h"
#include "ecg/data/window.h"
#include "ecg/infer/decide.h"
#include "ecg/infer/output_folder.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;

constexpr int kWriterThreads = 4;  // that wait for the disk, not for a processor
constexpr std::size_t kWaitingFiles = 256;
constexpr char kCsv[] = ".csv";
constexpr char kPeaks[] = ".peaks";

OutputFolder OpenOutput(const fs::path& folder, const data::RecordIndex& index, bool peaks) {
  std::vector<OutputFolder::File> files;
  for (const data::RecordEntry& record : index.records) {
    files.push_back({record.id, kCsv});
    if (peaks) files.push_back({record.id, kPeaks});
  }
  return OutputFolder::Create(folder, files).value();
}

// Writes what the network says of a record, or keeps why it says nothing.
class Writer {
 public:
  Writer(const Ensemble& ensemble, const OutputFolder& output, PredictFolderSummary& summary)
      : ensemble_(ensemble),
        output_(output),
        summary_(summary),
        files_(kWriterThreads, kWaitingFiles) {}

  void Write(const data::RecordEntry& record, const Result<RecordPrediction>& predicted,
             bool peaks) {
    if (!predicted.ok()) {
      summary_.failed.push_back({record.id, predicted.error()});
      return;
    }
    const float* probabilities = predicted->probabilities.data();
    const auto decisions = Decide(probabilities, ensemble_.classes(), ensemble_.decision);
    const auto prediction = data::MakePrediction(record.info.name, decisions.data(), probabilities,
                                                 ensemble_.classes());
    if (!prediction.ok()) {
      summary_.failed.push_back({record.id, prediction.error()});
      return;
    }
    files_.Push(output_.PathOf(record.id, kCsv), data::FormatPrediction(*prediction));
    if (peaks) {
      const wfdb::AnnotationFile annotations =
          data::AnnotationsOf(predicted->peaks, predicted->peak_rate, record.info.sampling_rate);
      files_.Push(output_.PathOf(record.id, kPeaks), wfdb::FormatAnnotations(annotations).value());
    }
    ++summary_.predicted;
  }

  void Finish() { files_.Finish(); }

 private:
  const Ensemble& ensemble_;
  const OutputFolder& output_;
  PredictFolderSummary& summary_;
  BackgroundWriter files_;
};

}  // namespace

PredictFolderSummary PredictFolder(const Ensemble& ensemble, const fs::path& input,
                                   const fs::path& output, const PredictFolderConfig& config,
                                   ProgressSink& progress) {
  const bool peaks = config.predict.wanted.peaks;
  if (peaks && ensemble.PeakMember() == nullptr) {
    throw Exception(
        UsageError("this model detects no peaks: it was trained with "
                   "model.peak_grid = none"));
  }
  data::RecordIndex index = data::ScanFolder(input, config.threads).value();
  const OutputFolder folder = OpenOutput(output, index, peaks);
  PredictFolderSummary summary;
  summary.failed_list = folder.failed_list();
  summary.failed = std::move(index.failed);

  const std::vector<data::PreprocessConfig> preparations = ensemble.Preparations();
  std::mutex warnings_mutex;
  RecordFeed feed;
  feed.count = index.records.size();
  feed.bytes = [&](std::size_t i) {
    return data::BytesToPrepare(index.records[i].info, preparations);
  };
  feed.ready = [&](std::size_t i) {
    std::vector<std::string> warnings;
    auto ready = data::ReadReady(index.records[i].header, preparations, &warnings);
    if (!warnings.empty()) {
      const std::lock_guard<std::mutex> lock(warnings_mutex);
      summary.warnings.insert(summary.warnings.end(), warnings.begin(), warnings.end());
    }
    return ready;
  };
  if (!config.lead_set.empty()) {
    feed.keep = data::ChannelsOfLeadSet(config.lead_set, preparations.front().leads).value();
  }
  Writer writer(ensemble, folder, summary);
  progress.Begin("predict", feed.count);
  PredictRecords(ensemble, config.predict, feed,
                 [&](std::size_t i, const Result<RecordPrediction>& predicted) {
                   writer.Write(index.records[i], predicted, peaks);
                   progress.Advance(i + 1, "");
                 });
  writer.Finish();
  progress.End();
  folder.WriteFailed(summary.failed).value();
  return summary;
}

}  // namespace ecg::infer
