#include "src/train/validation.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>

#include "ecg/infer/decide.h"
#include "ecg/train/losses.h"
#include "src/train/store_source.h"

namespace ecg::train {
namespace {

// What the processes tell each other of their records, a row each; zero for those of another
// process. Doubles hold floats and decisions exactly.
class Rows {
 public:
  Rows(std::size_t records, std::size_t classes, std::size_t criteria)
      : classes_(classes),
        criteria_(criteria),
        tensor_(torch::zeros({static_cast<std::int64_t>(records),
                              static_cast<std::int64_t>(kHead + 2 * classes + criteria)},
                             torch::kFloat64)) {}

  void Put(std::size_t record, const infer::RecordAnswer& answer) {
    double* row = Row(record);
    row[0] = 1;
    row[1] = answer.by_specialists ? 1 : 0;
    row = std::copy_n(answer.probabilities.begin(), classes_, row + kHead);
    row = std::copy_n(answer.decisions.begin(), classes_, row);
    std::copy_n(answer.excess.begin(), criteria_, row);
  }

  bool IsThere(std::size_t record) const { return Row(record)[0] != 0; }

  void Append(std::size_t record, Predictions& predictions) const {
    const double* row = Row(record);
    if (row[1] != 0) ++predictions.by_specialists;
    const auto append = [](const double* values, std::size_t count, auto& to) {
      for (std::size_t i = 0; i < count; ++i) {
        to.push_back(static_cast<typename std::decay_t<decltype(to)>::value_type>(values[i]));
      }
    };
    append(row + kHead, classes_, predictions.probabilities);
    append(row + kHead + classes_, classes_, predictions.decisions);
    append(row + kHead + 2 * classes_, criteria_, predictions.excess);
  }

  const torch::Tensor& tensor() const { return tensor_; }

 private:
  static constexpr std::size_t kHead = 2;  // whether it is there, and by whom
  double* Row(std::size_t record) const {
    return tensor_.data_ptr<double>() + record * static_cast<std::size_t>(tensor_.size(1));
  }
  const std::size_t classes_, criteria_;
  const torch::Tensor tensor_;
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

torch::Tensor NoTallies() {
  return torch::zeros({static_cast<std::int64_t>(dsp::kPeakTypes), 3}, torch::kFloat64);
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

// Where the records of this process come from.
struct Share {
  std::unique_ptr<infer::RecordSource> source;
  StoreSource* stored = nullptr;  // the same, where it is one
};

Share MakeShare(const data::RecordStore* store, std::vector<data::RecordEntry> records) {
  if (store != nullptr) {
    auto source = std::make_unique<StoreSource>(*store, std::move(records));
    StoreSource* stored = source.get();
    return {std::move(source), stored};
  }
  std::vector<std::filesystem::path> paths;
  for (const data::RecordEntry& record : records) paths.push_back(record.path);
  return {std::make_unique<infer::FileSource>(std::move(paths)), nullptr};
}

}  // namespace

std::optional<Predictions> PredictLabelled(const infer::Ensemble& ensemble,
                                           const infer::PredictConfig& config,
                                           const data::RecordStore* store,
                                           const LabelledRecords& labelled,
                                           Communicator& communicator, const StopToken& stop,
                                           ProgressSink* progress) {
  const std::vector<data::RecordEntry>& records = labelled.records;
  std::vector<std::size_t> mine;
  std::vector<data::RecordEntry> own;
  for (std::size_t i = communicator.rank(); i < records.size(); i += communicator.size()) {
    mine.push_back(i);
    own.push_back(records[i]);
  }
  const Share share = MakeShare(store, std::move(own));
  const bool asked = config.wanted.probabilities;
  Rows rows(records.size(), asked ? ensemble.general.task().size() : 0,
            asked && !ensemble.route ? ensemble.general.decision.criteria.size() : 0);
  Predictions predictions;
  std::map<std::size_t, Error> errors;  // of this process's records
  const auto sink = [&](std::size_t i, const Result<infer::RecordAnswer>& answer) {
    if (progress != nullptr) progress->Advance(i + 1, "");
    if (!answer.ok()) {
      Error error = answer.error();
      if (error.kind == ErrorKind::kDiverged) {
        error.file = records[mine[i]].id;
        throw Exception(error);
      }
      errors.emplace(mine[i], std::move(error));
      return;
    }
    rows.Put(mine[i], *answer);
    if (share.stored == nullptr) return;
    const std::vector<dsp::Peak> reference = share.stored->TakePeaks(i);
    if (config.wanted.peaks && !reference.empty()) {
      score::AddPeaks(reference, answer->peaks, answer->peak_rate, predictions.peaks);
    }
  };
  infer::PredictConfig all = config;
  all.refuse_unclassifiable = false;  // figures are of every labelled record
  const bool whole = infer::PredictRecords(ensemble, all, *share.source, sink, stop);
  if (communicator.Any(!whole)) return std::nullopt;
  torch::Tensor tallies = NoTallies();
  AddTallies(predictions.peaks, tallies);
  communicator.Sum({rows.tensor(), tallies});
  predictions.peaks = ReadTallies(tallies);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!rows.IsThere(i)) {
      const auto own_error = errors.find(i);
      predictions.failed.push_back(
          {records[i].id, own_error != errors.end()
                              ? own_error->second
                              : InputError("failed in another of the processes")});
      continue;
    }
    const std::vector<std::uint8_t> labels = labelled.LabelsOf(i);
    predictions.labels.insert(predictions.labels.end(), labels.begin(), labels.end());
    rows.Append(i, predictions);
  }
  if (predictions.labels.empty()) {
    throw Exception(InputError("none of the records to evaluate can be read"));
  }
  return predictions;
}

void WarnOf(const std::vector<data::FailedRecord>& failed, std::set<std::string>& told,
            TrainObserver& observer) {
  for (const data::FailedRecord& record : failed) {
    if (!told.insert(record.id).second) continue;
    observer.OnWarning("takes no part in the figures: " + record.id + ": " +
                       record.error.ToString());
  }
}

std::vector<data::ChannelGroup> GroupAllLeadSets(const std::vector<std::string>& channels) {
  std::vector<std::string> names;
  for (const challenge::LeadSet& set : challenge::LeadSets()) names.push_back(set.name);
  return data::GroupLeadSets(names, channels).value();
}

score::Metrics Evaluate(const Predictions& predictions, const model::Task& task) {
  score::Outcomes outcomes;
  outcomes.classes = task.size();
  outcomes.recordings = predictions.labels.size() / outcomes.classes;
  outcomes.labels = predictions.labels;
  outcomes.scores.assign(predictions.probabilities.begin(), predictions.probabilities.end());
  outcomes.decisions = predictions.decisions;
  score::Metrics metrics = score::Evaluate(outcomes, task.class_set());
  if (const auto own = infer::Find2021Beside(task.class_set()); !own.empty()) {
    metrics.challenge = score::ChallengeMetric(
        infer::Columns(predictions.labels, task.size(), own),
        infer::Columns(predictions.decisions, task.size(), own), challenge::Classes2021());
  }
  return metrics;
}

score::Metrics EvaluateDecisions(const Predictions& predictions, const model::Task& task,
                                 const model::Decision& decision) {
  Predictions decided = predictions;
  decided.decisions.clear();
  for (std::size_t at = 0; at < predictions.labels.size(); at += task.size()) {
    const auto decisions =
        infer::Decide(predictions.probabilities.data() + at, task.classes(), decision);
    decided.decisions.insert(decided.decisions.end(), decisions.begin(), decisions.end());
  }
  return Evaluate(decided, task);
}

double LossOf(const Predictions& predictions, std::size_t classes, const LossConfig& config) {
  const auto width = static_cast<std::int64_t>(classes);
  const auto rows = static_cast<std::int64_t>(predictions.probabilities.size()) / width;
  if (rows == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto table = [&](const auto& values) {
    return torch::tensor(std::vector<float>(values.begin(), values.end())).reshape({rows, width});
  };
  const torch::Tensor logits = torch::logit(table(predictions.probabilities), /*eps=*/1e-7);
  return ClassificationLoss(logits, table(predictions.labels), torch::ones({rows, width}), config)
      .item<double>();
}

double FigureOf(const score::Metrics& metrics, double loss, model::Selection selection) {
  if (selection == model::Selection::kChallenge) return metrics.challenge;
  // Less than any two areas of so many recordings as there are can differ by.
  constexpr double kTie = 1e-9;
  return std::isnan(loss) ? metrics.auroc : metrics.auroc - kTie * loss / (1 + loss);
}

}  // namespace ecg::train
