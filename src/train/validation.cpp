#include "src/train/validation.h"

#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "ecg/infer/decide.h"

namespace ecg::train {
namespace {

// What the processes tell each other of their records; zero for those of another process.
struct Shared {
  Shared(std::size_t records, std::size_t classes, std::size_t criteria)
      : probabilities(
            torch::zeros({static_cast<std::int64_t>(records), static_cast<std::int64_t>(classes)})),
        excess(
            torch::zeros({static_cast<std::int64_t>(records), static_cast<std::int64_t>(criteria)},
                         torch::kFloat64)),
        predicted(torch::zeros({static_cast<std::int64_t>(records)})),
        peaks(torch::zeros({static_cast<std::int64_t>(dsp::kPeakTypes), 3}, torch::kFloat64)) {}

  torch::Tensor probabilities;  // float [records][classes]
  torch::Tensor excess;         // double [records][criteria]
  torch::Tensor predicted;      // float [records]: 1 where there is a prediction
  torch::Tensor peaks;          // double [types][matched, reference, detected]
};

void AddTallies(const score::PeakTallies& tallies, torch::Tensor& sums) {
  auto cells = sums.accessor<double, 2>();
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    const auto row = static_cast<std::int64_t>(k);
    cells[row][0] += static_cast<double>(tallies[k].matched);
    cells[row][1] += static_cast<double>(tallies[k].reference);
    cells[row][2] += static_cast<double>(tallies[k].detected);
  }
}

score::PeakTallies ReadTallies(const torch::Tensor& sums) {
  const auto cells = sums.accessor<double, 2>();
  score::PeakTallies tallies{};
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    const auto row = static_cast<std::int64_t>(k);
    tallies[k].matched = static_cast<std::size_t>(cells[row][0]);
    tallies[k].reference = static_cast<std::size_t>(cells[row][1]);
    tallies[k].detected = static_cast<std::size_t>(cells[row][2]);
  }
  return tallies;
}

}  // namespace

std::optional<Predictions> PredictLabelled(const infer::Ensemble& ensemble,
                                           const infer::PredictConfig& config,
                                           const data::RecordStore& store,
                                           const std::vector<data::RecordEntry>& records,
                                           const std::vector<std::uint8_t>& keep,
                                           Communicator& communicator, const StopToken& stop) {
  const model::Task& task = ensemble.general.task();
  std::vector<std::size_t> mine;
  for (std::size_t i = communicator.rank(); i < records.size(); i += communicator.size()) {
    mine.push_back(i);
  }
  std::vector<std::vector<dsp::Peak>> reference(mine.size());
  infer::RecordFeed feed;
  feed.count = mine.size();
  feed.bytes = [&](std::size_t i) {
    return data::BytesToPrepare(records[mine[i]].info, {store.preprocess()});
  };
  feed.keep = keep;
  feed.ready = [&](std::size_t i) -> Result<std::vector<data::ReadyRecord>> {
    Result<data::ReadyRecord> record = store.Read(records[mine[i]].path);
    if (!record.ok()) return record.error();
    reference[i] = std::move(record->peaks);
    return std::vector<data::ReadyRecord>{std::move(*record)};
  };
  Predictions predictions;
  Shared shared(records.size(), config.wanted.probabilities ? task.size() : 0,
                config.wanted.probabilities ? ensemble.general.decision.criteria.size() : 0);
  const auto sink = [&](std::size_t i, const Result<infer::RecordPrediction>& predicted) {
    if (!predicted.ok()) {
      Error error = predicted.error();
      if (error.kind == ErrorKind::kDiverged) {
        error.file = records[mine[i]].id;
        throw Exception(error);
      }
      predictions.failed.push_back({records[mine[i]].id, std::move(error)});
      return;
    }
    std::copy(predicted->probabilities.begin(), predicted->probabilities.end(),
              shared.probabilities.data_ptr<float>() + mine[i] * predicted->probabilities.size());
    std::copy(predicted->excess.begin(), predicted->excess.end(),
              shared.excess.data_ptr<double>() + mine[i] * predicted->excess.size());
    shared.predicted.data_ptr<float>()[mine[i]] = 1;
    if (config.wanted.peaks && !reference[i].empty()) {
      score::AddPeaks(reference[i], predicted->peaks, predicted->peak_rate, predictions.peaks);
    }
    reference[i] = {};
  };
  const bool whole = infer::PredictRecords(ensemble, config, feed, sink, stop);
  if (communicator.Any(!whole)) return std::nullopt;
  AddTallies(predictions.peaks, shared.peaks);
  communicator.Sum({shared.probabilities, shared.excess, shared.predicted, shared.peaks});
  predictions.peaks = ReadTallies(shared.peaks);
  const auto classes = static_cast<std::size_t>(shared.probabilities.size(1));
  const auto criteria = static_cast<std::size_t>(shared.excess.size(1));
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (shared.predicted.data_ptr<float>()[i] == 0) continue;
    const std::vector<std::uint8_t> labels = task.LabelsOf(records[i], /*derive_bbb=*/false);
    predictions.labels.insert(predictions.labels.end(), labels.begin(), labels.end());
    const float* row = shared.probabilities.data_ptr<float>() + i * classes;
    predictions.probabilities.insert(predictions.probabilities.end(), row, row + classes);
    const double* excess = shared.excess.data_ptr<double>() + i * criteria;
    predictions.excess.insert(predictions.excess.end(), excess, excess + criteria);
  }
  if (predictions.labels.empty()) {
    throw Exception(InputError("none of the records to evaluate can be read"));
  }
  return predictions;
}

std::vector<data::ChannelGroup> GroupAllLeadSets(const std::vector<std::string>& channels) {
  std::vector<std::string> names;
  for (const challenge::LeadSet& set : challenge::LeadSets()) names.push_back(set.name);
  return data::GroupLeadSets(names, channels).value();
}

score::Metrics Evaluate(const Predictions& predictions, std::vector<std::uint8_t> decisions,
                        const model::Task& task) {
  score::Outcomes outcomes;
  outcomes.classes = task.size();
  outcomes.recordings = predictions.labels.size() / outcomes.classes;
  outcomes.labels = predictions.labels;
  outcomes.scores.assign(predictions.probabilities.begin(), predictions.probabilities.end());
  outcomes.decisions = std::move(decisions);
  return score::Evaluate(outcomes, task.class_set());
}

score::Metrics EvaluateDecisions(const Predictions& predictions, const model::Task& task,
                                 const model::Decision& decision) {
  std::vector<std::uint8_t> all;
  for (std::size_t at = 0; at < predictions.labels.size(); at += task.size()) {
    const auto decisions =
        infer::Decide(predictions.probabilities.data() + at, task.classes(), decision);
    all.insert(all.end(), decisions.begin(), decisions.end());
  }
  return Evaluate(predictions, std::move(all), task);
}

double FigureOf(const score::Metrics& metrics, model::Selection selection) {
  return selection == model::Selection::kChallenge ? metrics.challenge : metrics.auroc;
}

}  // namespace ecg::train
