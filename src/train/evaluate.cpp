#include "ecg/train/evaluate.h"

#include "ecg/challenge/challenge.h"
#include "ecg/data/window.h"

namespace ecg::train {

Predictions PredictLabelled(nn::SeResNet& model, const infer::ModelInfo& info,
                            const infer::PredictConfig& config, const data::RecordStore& store,
                            const std::vector<data::RecordEntry>& records,
                            const std::string& lead_set) {
  const std::vector<std::uint8_t> keep =
      data::ChannelsOfLeadSet(lead_set, info.preprocess.leads).value();
  std::vector<std::vector<dsp::Peak>> reference(records.size());
  const auto produce = [&](std::size_t i) -> Result<data::PreparedRecord> {
    Result<data::LearningRecord> record = store.Read(records[i].header);
    if (!record.ok()) return record.error();
    reference[i] = std::move(record->peaks);
    const auto& [channels, samples, signal] = record->signal;
    data::PreparedRecord prepared{channels, samples, {signal, signal + channels * samples}};
    data::KeepChannels(keep, prepared.samples, prepared.signal.data());
    return prepared;
  };
  Predictions predictions;
  const auto sink = [&](std::size_t i, const Result<infer::RecordPrediction>& predicted) {
    if (!predicted.ok()) {
      predictions.failed.push_back({records[i].id, predicted.error()});
      return;
    }
    const std::vector<std::uint8_t> labels =
        challenge::LabelsOf(records[i].info.dx, challenge::Classes2021(), /*derive_bbb=*/false);
    predictions.labels.insert(predictions.labels.end(), labels.begin(), labels.end());
    predictions.probabilities.insert(predictions.probabilities.end(),
                                     predicted->probabilities.begin(),
                                     predicted->probabilities.end());
    if (config.detect_peaks && !reference[i].empty()) {
      score::AddPeaks(reference[i], predicted->peaks, info.preprocess.sampling_rate,
                      predictions.peaks);
    }
    reference[i] = {};
  };
  infer::PredictRecords(model, info, config, records.size(), produce, sink);
  return predictions;
}

score::Metrics EvaluateDecisions(const Predictions& predictions, const infer::ModelInfo& info) {
  score::Outcomes outcomes;
  outcomes.classes = info.classes.size();
  outcomes.recordings = predictions.labels.size() / outcomes.classes;
  outcomes.labels = predictions.labels;
  outcomes.scores.assign(predictions.probabilities.begin(), predictions.probabilities.end());
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    const auto decisions =
        infer::Decide(predictions.probabilities.data() + i * outcomes.classes, info);
    outcomes.decisions.insert(outcomes.decisions.end(), decisions.begin(), decisions.end());
  }
  return score::Evaluate(outcomes, challenge::Classes2021());
}

}  // namespace ecg::train
