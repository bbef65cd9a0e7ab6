#include "ecg/infer/predict_folder.h"

#include <mutex>
#include <optional>

#include "ecg/core/background_writer.h"
#include "ecg/core/file.h"
#include "ecg/data/peak_annotations.h"
#include "ecg/data/window.h"
#include "ecg/nn/device.h"
#include "ecg/score/prediction_file.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;

constexpr int kWriterThreads = 4;  // that wait for the disk, not for a processor
constexpr std::size_t kWaitingFiles = 256;

}  // namespace

PredictFolderSummary PredictFolder(Bundle& bundle, const fs::path& input, const fs::path& output,
                                   const PredictFolderConfig& config, ProgressSink& progress) {
  if (config.predict.detect_peaks && !bundle.info.architecture.DetectsPeaks()) {
    throw Exception(
        UsageError("this model detects no peaks: it was trained with "
                   "model.peak_grid = none"));
  }
  nn::SetThreads(config.predict.compute.threads);
  bundle.model->to(nn::ChooseDevice(config.predict.compute.device));
  const ModelInfo& info = bundle.info;
  std::optional<std::vector<std::uint8_t>> keep;
  if (!config.lead_set.empty()) {
    keep = data::ChannelsOfLeadSet(config.lead_set, info.preprocess.leads).value();
  }
  data::RecordIndex index = data::ScanFolder(input, config.predict.compute.threads).value();
  CreateFolder(output).value();

  PredictFolderSummary summary;
  summary.failed = std::move(index.failed);
  std::mutex warnings_mutex;
  const auto produce = [&](std::size_t i) -> Result<data::PreparedRecord> {
    std::vector<std::string> warnings;
    Result<data::PreparedRecord> prepared =
        data::ReadPrepared(index.records[i].header, info.preprocess, &warnings);
    if (!warnings.empty()) {
      const std::lock_guard<std::mutex> lock(warnings_mutex);
      summary.warnings.insert(summary.warnings.end(), warnings.begin(), warnings.end());
    }
    if (prepared.ok() && keep) {
      data::KeepChannels(*keep, prepared->samples, prepared->signal.data());
    }
    return prepared;
  };
  BackgroundWriter writer(kWriterThreads, kWaitingFiles);
  const auto sink = [&](std::size_t i, const Result<RecordPrediction>& predicted) {
    const data::RecordEntry& record = index.records[i];
    if (predicted.ok()) {
      const float* probabilities = predicted->probabilities.data();
      const std::vector<std::uint8_t> decisions = Decide(probabilities, info);
      const score::Prediction prediction =
          score::MakePrediction(record.info.name, decisions.data(), probabilities, info.classes);
      writer.Push(output / (record.id + ".csv"), score::FormatPrediction(prediction));
      if (config.predict.detect_peaks) {
        const wfdb::AnnotationFile annotations = data::AnnotationsOf(
            predicted->peaks, info.preprocess.sampling_rate, record.info.sampling_rate);
        writer.Push(output / (record.id + ".peaks"), wfdb::FormatAnnotations(annotations).value());
      }
      ++summary.predicted;
    } else {
      summary.failed.push_back({record.id, predicted.error()});
    }
    progress.Advance(i + 1, "");
  };
  progress.Begin("predict", index.records.size());
  PredictRecords(bundle.model, info, config.predict, index.records.size(), produce, sink);
  writer.Finish();
  progress.End();
  data::WriteFailedList(output / "failed.csv", summary.failed).value();
  return summary;
}

}  // namespace ecg::infer
