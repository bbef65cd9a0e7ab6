#include "ecg/infer/predictor.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "ecg/core/prefetch.h"
#include "ecg/dsp/measure/quality.h"
#include "ecg/infer/bradycardia.h"
#include "ecg/infer/criteria.h"
#include "src/infer/group_pipeline.h"

namespace ecg::infer {
namespace {

// Records ahead of the networks: enough to fill a batch while another one is computed.
constexpr std::size_t kPrefetchBatches = 2;
// Batches' worth of records that wait behind one whose group sees few: then its batch is run
// before it is full, so that answers go out and memory stays bounded.
constexpr std::size_t kWaitingBatches = 8;

struct Prepared {
  std::vector<data::ReadyRecord> ways;
  bool may_be_bradycardia = true;
  Measured measured;  // where a group has criteria
};

// Leads each record through the groups, and hands the answers over in the order of the records.
class Pipeline {
 public:
  Pipeline(const Ensemble& ensemble, const PredictConfig& config, const RecordFeed& feed,
           const PredictionSink& sink)
      : ensemble_(ensemble),
        sink_(sink),
        most_waiting_(kWaitingBatches * static_cast<std::size_t>(config.batch_size)),
        preparations_(ensemble.Preparations()) {
    const auto make = [&](const Group& group, model::Wanted wanted,
                          std::optional<GroupPipeline>& pipeline) {
      pipeline.emplace(group, preparations_, wanted, static_cast<std::size_t>(config.batch_size),
                       feed.keep);
    };
    make(ensemble.general, config.wanted, general_);
    if (!ensemble.route || !config.wanted.probabilities) return;
    make(ensemble.route->source, {true, false}, source_);
    make(ensemble.route->specialists, config.wanted, specialists_);
  }

  void Push(std::size_t record, Result<Prepared> prepared) {
    Waiting& entry = waiting_.emplace_back();
    entry.record = record;
    if (prepared.ok()) {
      entry.prepared = std::move(*prepared);
      if (source_) {
        source_->Push(entry.prepared.ways);
      } else {
        PushTo(*general_, entry);
      }
    } else {
      entry.error = prepared.error();
    }
    Deliver();
    if (waiting_.size() > most_waiting_) FinishFront();
  }

  void Finish() {
    if (source_) source_->Finish();
    Deliver();
    general_->Finish();
    if (specialists_) specialists_->Finish();
    Deliver();
  }

 private:
  struct Waiting {
    std::size_t record = 0;
    std::optional<Error> error;
    GroupPipeline* group = nullptr;  // that classifies it, once that is known
    Prepared prepared;               // its signals until then
    float source_probability = 0;

    bool IsRouted() const { return error || group != nullptr; }
    bool IsDone() const { return error || (group != nullptr && group->FrontIsDone()); }
  };

  static void PushTo(GroupPipeline& group, Waiting& entry) {
    group.Push(entry.prepared.ways);
    entry.group = &group;
    entry.prepared.ways.clear();
  }

  // Sends the records on whose source is known by now, in order.
  void RouteRecords() {
    for (; routed_ < waiting_.size(); ++routed_) {
      Waiting& entry = waiting_[routed_];
      if (entry.IsRouted()) continue;
      if (!source_->FrontIsDone()) return;
      const Result<RecordPrediction> source = source_->TakeFront();
      if (!source.ok()) {
        entry.error = source.error();
        continue;
      }
      entry.source_probability =
          *std::max_element(source->probabilities.begin(), source->probabilities.end());
      const bool special =
          static_cast<double>(entry.source_probability) >= ensemble_.route->threshold;
      PushTo(special ? *specialists_ : *general_, entry);
    }
  }

  void Deliver() {
    RouteRecords();
    while (!waiting_.empty() && waiting_.front().IsDone()) {
      const Waiting front = std::move(waiting_.front());
      waiting_.pop_front();
      if (routed_ > 0) --routed_;
      sink_(front.record, front.error ? Result<RecordPrediction>(*front.error) : Take(front));
    }
  }

  // Runs what the first record waits for.
  void FinishFront() {
    const Waiting& front = waiting_.front();
    (front.group != nullptr ? *front.group : *source_).Finish();
    Deliver();
  }

  Result<RecordPrediction> Take(const Waiting& entry) {
    Result<RecordPrediction> prediction = entry.group->TakeFront();
    if (!prediction.ok()) return prediction;
    prediction->source_probability = entry.source_probability;
    prediction->may_be_bradycardia = entry.prepared.may_be_bradycardia;
    prediction->by_specialists = specialists_ && entry.group == &*specialists_;
    const std::vector<model::ClassCriterion>& criteria =
        (prediction->by_specialists ? ensemble_.route->specialists : ensemble_.general)
            .decision.criteria;
    if (!criteria.empty() && !prediction->probabilities.empty()) {
      prediction->excess = ExcessOf(entry.prepared.measured, criteria);
      ApplyCriteria(criteria, prediction->excess, prediction->probabilities);
      prediction->arms_swapped =
          dsp::ArmsLookSwapped(entry.prepared.measured.leads, entry.prepared.measured.values);
    }
    if (prediction->by_specialists) {
      prediction->probabilities = ToGeneral(prediction->probabilities);
      prediction->spread = ToGeneral(prediction->spread);
    }
    return prediction;
  }

  // [classes of the specialists] -> [classes of the ensemble], 0 for the others.
  std::vector<float> ToGeneral(const std::vector<float>& values) const {
    std::vector<float> general(ensemble_.classes().size(), 0);
    for (std::size_t k = 0; k < values.size(); ++k)
      general[ensemble_.route->columns[k]] = values[k];
    return general;
  }

  const Ensemble& ensemble_;
  const PredictionSink& sink_;
  const std::size_t most_waiting_;
  const std::vector<data::PreprocessConfig> preparations_;
  std::optional<GroupPipeline> general_;
  std::optional<GroupPipeline> source_;
  std::optional<GroupPipeline> specialists_;
  std::deque<Waiting> waiting_;
  std::size_t routed_ = 0;  // of those waiting, from the front
};

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, PredictConfig& config) {
  settings.Add(prefix + "batch_size", config.batch_size, "Windows computed at a time.", {1, 65536});
  settings.Add(prefix + "loader_threads", config.loader_threads, "Threads that read records ahead.",
               {1, 256});
}

bool PredictRecords(const Ensemble& ensemble, const PredictConfig& config, const RecordFeed& feed,
                    const PredictionSink& sink, const StopToken& stop) {
  const std::size_t depth = kPrefetchBatches * static_cast<std::size_t>(config.batch_size);
  const bool measure = config.wanted.probabilities &&
                       (!ensemble.general.decision.criteria.empty() ||
                        (ensemble.route && !ensemble.route->specialists.decision.criteria.empty()));
  const auto prepare = [&](std::size_t i) -> Result<Prepared> {
    Result<std::vector<data::ReadyRecord>> ways = feed.ready(i);
    if (!ways.ok()) return ways.error();
    Prepared prepared{std::move(*ways), true, {}};
    // The general group's preparation is the first of all.
    const data::SignalView& signal = prepared.ways.front().signal;
    const data::PreprocessConfig& way = ensemble.general.members.front().info.preprocess;
    if (ensemble.bradycardia_veto) prepared.may_be_bradycardia = MayBeBradycardia(signal, way);
    if (measure) prepared.measured = MeasurePrepared(signal, way, feed.keep);
    return prepared;
  };
  OrderedPrefetch<Result<Prepared>> records(feed.count, config.loader_threads, depth, prepare,
                                            {config.memory, feed.bytes});
  Pipeline pipeline(ensemble, config, feed, sink);
  const StopToken::Callback on_stop(stop, [&] { records.Stop(); });
  for (std::size_t i = 0; i < feed.count; ++i) {
    auto prepared = records.Next();
    if (!prepared) return false;
    pipeline.Push(i, std::move(*prepared));
  }
  pipeline.Finish();
  return true;
}

}  // namespace ecg::infer
