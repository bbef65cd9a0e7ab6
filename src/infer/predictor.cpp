#include "ecg/infer/predictor.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/infer/bradycardia.h"
#include "ecg/infer/criteria.h"
#include "ecg/infer/decide.h"
#include "ecg/infer/explain.h"
#include "ecg/model/network_layout.h"
#include "src/infer/group_pipeline.h"

namespace ecg::infer {
namespace {

using model::MeasuredSignal;

// Records ahead of the networks: enough to fill a batch while another one is computed.
constexpr std::size_t kPrefetchBatches = 2;
// Batches' worth of records that wait behind one whose group sees few: then its batch is run
// before it is full, so that answers go out and memory stays bounded.
constexpr std::size_t kWaitingBatches = 8;

// Whether any of the groups that classify has criteria of a signal.
bool HasCriteria(const Ensemble& ensemble, MeasuredSignal signal) {
  const auto has = [&](const Group& group) {
    return !group.decision.criteria.empty() && group.decision.measured == signal;
  };
  return has(ensemble.general) || (ensemble.route && has(ensemble.route->specialists));
}

bool NeedsMeasuring(const Ensemble& ensemble) {
  return HasCriteria(ensemble, MeasuredSignal::kRecord) ||
         !ensemble.general.decision.definitions.empty();
}

// The preparation of the general group's first member, which is the first of all.
const data::PreprocessConfig& FirstWay(const Ensemble& ensemble) {
  return ensemble.general.members.front().info.preprocess;
}

// The mean variance of the classes' answers. Recordings with two wrong decisions or more had the
// larger one with a probability (AUROC) of .88 on 347 recordings of seven sources that trained
// nothing; the distance of the network's features from those of its training added nothing to it.
float Uncertainty(const std::vector<float>& probabilities) {
  float sum = 0;
  for (const float p : probabilities) sum += p * (1 - p);
  return sum / static_cast<float>(probabilities.size());
}

// A model of a few kilobytes may ask for windows of any length.
void CheckWindows(const Ensemble& ensemble, bool explain) {
  const std::size_t limit = MemoryBudget::OfProcess().limit();
  const auto check = [&](const Group& group) {
    for (const Member& member : group.members) {
      const model::WindowCost cost = model::CostOfWindow(member.info.architecture);
      const double bytes = explain ? cost.all : cost.at_once;
      if (bytes <= static_cast<double>(limit)) continue;
      throw Exception(InputError("makes one window of the network take " + BytesInWords(bytes) +
                                     (explain ? " to explain" : "") + ", recordings may take " +
                                     BytesInWords(static_cast<double>(limit)) + " here",
                                 "the model", 0, "window.samples"));
    }
  };
  check(ensemble.general);
  if (!ensemble.route) return;
  check(ensemble.route->source);
  check(ensemble.route->specialists);
}

// Leads each record through the groups, and hands the answers over in the order of the records.
class Pipeline {
 public:
  Pipeline(const Ensemble& ensemble, const PredictConfig& config, const AnswerSink& sink)
      : ensemble_(ensemble),
        config_(config),
        sink_(sink),
        most_waiting_(kWaitingBatches * static_cast<std::size_t>(config.batch_size)),
        preparations_(ensemble.Preparations()) {
    const auto make = [&](const Group& group, model::Wanted wanted,
                          std::optional<GroupPipeline>& pipeline) {
      pipeline.emplace(group, preparations_, wanted, static_cast<std::size_t>(config.batch_size),
                       config.keep);
    };
    make(ensemble.general, config.wanted, general_);
    if (!ensemble.route || !config.wanted.probabilities) return;
    make(ensemble.route->source, {true, false}, source_);
    make(ensemble.route->specialists, config.wanted, specialists_);
  }

  void Push(std::size_t record, Result<Asked>& asked) {
    Waiting& entry = waiting_.emplace_back();
    entry.record = record;
    if (asked.ok()) {
      entry.asked = std::move(*asked);
      if (entry.IsRefused()) {
        // Nobody is asked about it.
      } else if (source_) {
        source_->Push(entry.asked.ways);
      } else {
        PushTo(*general_, entry);
      }
    } else {
      entry.error = asked.error();
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
    Asked asked;                     // its signals until then, or until it is explained

    bool IsRefused() const { return asked.answer.unclassifiable.has_value(); }
    bool IsRouted() const { return error || IsRefused() || group != nullptr; }
    bool IsDone() const {
      return error || IsRefused() || (group != nullptr && group->FrontIsDone());
    }
  };

  void PushTo(GroupPipeline& group, Waiting& entry) const {
    group.Push(entry.asked.ways);
    entry.group = &group;
    if (!config_.explain) entry.asked.ways.clear();
  }

  // Sends the records on whose source is known by now, in order.
  void RouteRecords() {
    for (; routed_ < waiting_.size(); ++routed_) {
      Waiting& entry = waiting_[routed_];
      if (entry.IsRouted()) continue;
      if (!source_->FrontIsDone()) return;
      const Result<NetworkAnswer> source = source_->TakeFront();
      if (!source.ok()) {
        entry.error = source.error();
        continue;
      }
      const float probability =
          *std::max_element(source->probabilities.begin(), source->probabilities.end());
      entry.asked.answer.source_probability = probability;
      const bool special = static_cast<double>(probability) >= ensemble_.route->threshold;
      PushTo(special ? *specialists_ : *general_, entry);
    }
  }

  void Deliver() {
    RouteRecords();
    while (!waiting_.empty() && waiting_.front().IsDone()) {
      Waiting front = std::move(waiting_.front());
      waiting_.pop_front();
      if (routed_ > 0) --routed_;
      sink_(front.record, front.error ? Result<RecordAnswer>(*front.error) : Take(front));
    }
  }

  // Runs what the first record waits for.
  void FinishFront() {
    const Waiting& front = waiting_.front();
    (front.group != nullptr ? *front.group : *source_).Finish();
    Deliver();
  }

  Result<RecordAnswer> Take(Waiting& entry) const {
    if (entry.IsRefused()) return std::move(entry.asked.answer);
    Result<NetworkAnswer> said = entry.group->TakeFront();
    if (!said.ok()) return said.error();
    RecordAnswer answer = std::move(entry.asked.answer);
    answer.peaks = std::move(said->peaks);
    answer.peak_rate = said->peak_rate;
    answer.by_specialists = specialists_ && entry.group == &*specialists_;
    if (said->probabilities.empty()) return answer;
    const Group& group = answer.by_specialists ? ensemble_.route->specialists : ensemble_.general;
    const model::Decision& decision = group.decision;
    if (!decision.criteria.empty()) {
      const Measured& measured =
          decision.measured == MeasuredSignal::kRecord ? *answer.measured : *entry.asked.as_seen;
      answer.excess = ExcessOf(measured, decision.criteria, group.members.front().info.scores);
      ApplyCriteria(decision.criteria, answer.excess, said->probabilities);
    }
    answer.probabilities = ToGeneral(answer.by_specialists, said->probabilities, 0.0F);
    answer.spread = ToGeneral(answer.by_specialists, said->spread, 0.0F);
    answer.thresholds = ToGeneral(answer.by_specialists, decision.thresholds,
                                  std::numeric_limits<double>::quiet_NaN());
    answer.uncertainty = Uncertainty(answer.probabilities);
    Decide(ensemble_, answer);
    if (config_.explain) {
      answer.explanations =
          Explain(ensemble_, entry.asked.ways, config_.keep, answer, config_.explain_only);
    }
    return answer;
  }

  // [classes of the specialists] -> [classes of the ensemble].
  template <typename T>
  std::vector<T> ToGeneral(bool by_specialists, const std::vector<T>& values, T others) const {
    if (!by_specialists) return values;
    std::vector<T> general(ensemble_.classes().size(), others);
    for (std::size_t k = 0; k < values.size(); ++k) {
      general[ensemble_.route->columns[k]] = values[k];
    }
    return general;
  }

  const Ensemble& ensemble_;
  const PredictConfig& config_;
  const AnswerSink& sink_;
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

Wishes WishesOf(const Ensemble& ensemble, const PredictConfig& config) {
  Wishes wishes;
  wishes.ways = ensemble.Preparations();
  for (const data::PreprocessConfig& way : wishes.ways) {
    const std::vector<std::string> leads = way.LeadNames();
    wishes.leads.insert(wishes.leads.end(), leads.begin(), leads.end());
  }
  wishes.quality = config.quality;
  wishes.content = config.content;
  wishes.refuse_unclassifiable = config.refuse_unclassifiable;
  wishes.mend_electrodes = config.mend_electrodes;
  const bool decides = config.wanted.probabilities && NeedsMeasuring(ensemble);
  if (!decides && !config.measure) return wishes;
  // In the leads that the networks see, so that an answer does not depend on those that they do
  // not.
  const std::vector<std::string> leads = FirstWay(ensemble).LeadNames();
  std::vector<std::string> seen;
  for (std::size_t c = 0; c < leads.size(); ++c) {
    if (config.keep.empty() || config.keep[c] != 0) seen.push_back(leads[c]);
  }
  wishes.measure = MeasureForCriteria(std::move(seen));
  return wishes;
}

bool PredictRecords(const Ensemble& ensemble, const PredictConfig& config, RecordSource& source,
                    const AnswerSink& sink, const StopToken& stop) {
  const bool as_seen =
      config.wanted.probabilities && HasCriteria(ensemble, MeasuredSignal::kPrepared);
  const auto refine = [&](Asked& asked) {
    if (asked.answer.unclassifiable) return;
    const data::PreprocessConfig& way = FirstWay(ensemble);
    const data::SignalView& signal = asked.ways.front().signal;
    if (ensemble.bradycardia_veto) {
      asked.answer.may_be_bradycardia = MayBeBradycardia(signal, way);
    }
    if (as_seen) asked.as_seen = MeasurePrepared(signal, way, config.keep);
    // What is held until the networks have answered stays small.
    for (auto* measured : {&asked.answer.measured, &asked.as_seen}) {
      if (*measured) (*measured)->values.median.leads.clear();
    }
  };
  ReadAheadConfig ahead;
  ahead.threads = config.loader_threads;
  ahead.depth = kPrefetchBatches * static_cast<std::size_t>(config.batch_size);
  ahead.memory = config.memory;
  CheckWindows(ensemble, config.explain);
  Pipeline pipeline(ensemble, config, sink);
  const bool whole = ReadAhead(
      source, WishesOf(ensemble, config), ahead, refine,
      [&](std::size_t i, Result<Asked>& asked) { pipeline.Push(i, asked); }, stop);
  if (whole) pipeline.Finish();
  return whole;
}

}  // namespace ecg::infer
