#include "src/train/validation.h"

#include "ecg/infer/decide.h"

namespace ecg::train {
namespace {

std::size_t BytesOf(const data::RecordEntry& record) {
  return record.info.samples * record.info.leads.size() * 2 * sizeof(float);
}

}  // namespace

Predictions PredictLabelled(const infer::Ensemble& ensemble, const infer::PredictConfig& config,
                            const data::RecordStore& store,
                            const std::vector<data::RecordEntry>& records,
                            const std::vector<std::uint8_t>& keep) {
  const model::Task& task = ensemble.members.front().info.task;
  std::vector<std::vector<dsp::Peak>> reference(records.size());
  infer::RecordFeed feed;
  feed.count = records.size();
  feed.bytes = [&](std::size_t i) { return BytesOf(records[i]); };
  feed.keep = keep;
  feed.ready = [&](std::size_t i) -> Result<std::vector<data::ReadyRecord>> {
    Result<data::ReadyRecord> record = store.Read(records[i].header);
    if (!record.ok()) return record.error();
    reference[i] = std::move(record->peaks);
    return std::vector<data::ReadyRecord>{std::move(*record)};
  };
  Predictions predictions;
  const auto sink = [&](std::size_t i, const Result<infer::RecordPrediction>& predicted) {
    if (!predicted.ok()) {
      Error error = predicted.error();
      if (error.kind == ErrorKind::kDiverged) {
        error.file = records[i].id;
        throw Exception(error);
      }
      predictions.failed.push_back({records[i].id, std::move(error)});
      return;
    }
    const std::vector<std::uint8_t> labels = task.LabelsOf(records[i], /*derive_bbb=*/false);
    predictions.labels.insert(predictions.labels.end(), labels.begin(), labels.end());
    predictions.probabilities.insert(predictions.probabilities.end(),
                                     predicted->probabilities.begin(),
                                     predicted->probabilities.end());
    if (config.wanted.peaks && !reference[i].empty()) {
      score::AddPeaks(reference[i], predicted->peaks, predicted->peak_rate, predictions.peaks);
    }
    reference[i] = {};
  };
  infer::PredictRecords(ensemble, config, feed, sink);
  if (predictions.labels.empty()) {
    throw Exception(InputError("none of the records to evaluate can be read"));
  }
  return predictions;
}

score::Metrics EvaluateDecisions(const Predictions& predictions, const model::Task& task,
                                 const model::Decision& decision) {
  score::Outcomes outcomes;
  outcomes.classes = task.size();
  outcomes.recordings = predictions.labels.size() / outcomes.classes;
  outcomes.labels = predictions.labels;
  outcomes.scores.assign(predictions.probabilities.begin(), predictions.probabilities.end());
  for (std::size_t i = 0; i < outcomes.recordings; ++i) {
    const auto decisions = infer::Decide(predictions.probabilities.data() + i * outcomes.classes,
                                         task.classes(), decision);
    outcomes.decisions.insert(outcomes.decisions.end(), decisions.begin(), decisions.end());
  }
  return score::Evaluate(outcomes, task.class_set());
}

double FigureOf(const score::Metrics& metrics, model::Selection selection) {
  return selection == model::Selection::kChallenge ? metrics.challenge : metrics.auroc;
}

}  // namespace ecg::train
