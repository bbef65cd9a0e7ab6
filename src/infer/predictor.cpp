#include "ecg/infer/predictor.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "ecg/core/prefetch.h"
#include "ecg/infer/decide.h"
#include "src/infer/member_pipeline.h"

namespace ecg::infer {
namespace {

// Records ahead of the networks: enough to fill a batch while another one is computed.
constexpr std::size_t kPrefetchBatches = 2;

// Joins what the members say of each record.
class Pipeline {
 public:
  Pipeline(const Ensemble& ensemble, const PredictConfig& config, const RecordFeed& feed,
           const PredictionSink& sink)
      : sink_(sink), preparations_(ensemble.Preparations()) {
    const Member* peaks = config.wanted.peaks ? ensemble.PeakMember() : nullptr;
    for (const Member& member : ensemble.members) {
      const model::Wanted wanted{config.wanted.probabilities, &member == peaks};
      if (!wanted.probabilities && !wanted.peaks) continue;
      const auto way =
          std::find(preparations_.begin(), preparations_.end(), member.info.preprocess);
      members_.push_back(
          {static_cast<std::size_t>(way - preparations_.begin()), wanted.peaks,
           MemberPipeline(member, wanted, static_cast<std::size_t>(config.batch_size), feed.keep)});
    }
  }

  void Push(std::size_t record, const Result<std::vector<data::ReadyRecord>>& ready) {
    waiting_.push_back({record, {}});
    if (ready.ok()) {
      for (Side& side : members_) side.pipeline.Push((*ready)[side.preparation].signal);
    } else {
      waiting_.back().error = ready.error();
    }
    Deliver();
  }

  void Finish() {
    for (Side& side : members_) side.pipeline.Finish();
    Deliver();
  }

 private:
  struct Side {
    std::size_t preparation;
    bool gives_peaks;
    MemberPipeline pipeline;
  };
  struct Waiting {
    std::size_t record = 0;
    std::optional<Error> error;
  };

  // Hands over what every member is done with, in order.
  void Deliver() {
    const auto complete = [this] {
      return std::all_of(members_.begin(), members_.end(),
                         [](const Side& side) { return side.pipeline.FrontIsDone(); });
    };
    while (!waiting_.empty() && (waiting_.front().error || complete())) {
      const Waiting front = waiting_.front();
      waiting_.pop_front();
      sink_(front.record, front.error ? Result<RecordPrediction>(*front.error) : Join());
    }
  }

  Result<RecordPrediction> Join() {
    RecordPrediction joined;
    std::vector<std::vector<float>> probabilities;
    std::optional<Error> error;
    for (Side& side : members_) {
      Result<RecordPrediction> prediction = side.pipeline.TakeFront();
      if (!prediction.ok()) {
        error = prediction.error();
        continue;
      }
      probabilities.push_back(std::move(prediction->probabilities));
      if (!side.gives_peaks) continue;
      joined.peaks = std::move(prediction->peaks);
      joined.peak_rate = prediction->peak_rate;
    }
    if (error) return *error;
    joined.probabilities = Combine(probabilities);
    return joined;
  }

  const PredictionSink& sink_;
  const std::vector<data::PreprocessConfig> preparations_;
  std::deque<Side> members_;
  std::deque<Waiting> waiting_;
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
  OrderedPrefetch<Result<std::vector<data::ReadyRecord>>> records(
      feed.count, config.loader_threads, depth, feed.ready, {config.memory, feed.bytes});
  Pipeline pipeline(ensemble, config, feed, sink);
  const StopToken::Callback on_stop(stop, [&] { records.Stop(); });
  for (std::size_t i = 0; i < feed.count; ++i) {
    const auto ready = records.Next();
    if (!ready) return false;
    pipeline.Push(i, *ready);
  }
  pipeline.Finish();
  return true;
}

}  // namespace ecg::infer
