#include "ecg/infer/predictor.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "ecg/core/prefetch.h"
#include "ecg/data/window.h"
#include "ecg/nn/device.h"

namespace ecg::infer {
namespace {

// Records ahead of the network: enough to fill a batch while another one is computed.
constexpr std::size_t kPrefetchBatches = 2;

// Two peaks of one type cannot be nearer: the heart beats at most 300 times a minute or so.
constexpr double kPeakDistanceSeconds = 0.1;

// What is known of a record while its windows are on the way.
struct Pending {
  std::size_t record = 0;
  std::size_t windows_left = 0;
  std::size_t windows = 0;
  std::optional<Error> error;
  std::vector<float> probabilities;
  std::vector<data::PeakGrid::Detection> detections;
};

// A window in the batch: its place in its record, and the samples whose peaks it answers for.
struct Window {
  Pending* owner = nullptr;
  std::size_t start = 0;
  std::size_t from = 0;
  std::size_t to = 0;
};

// Collects windows into batches and what the network says of them into records.
class Pipeline {
 public:
  Pipeline(nn::SeResNet& model, const ModelInfo& info, const PredictConfig& config,
           const PredictionSink& sink)
      : model_(model),
        info_(info),
        config_(config),
        batch_size_(static_cast<std::size_t>(config.batch_size)),
        channels_(static_cast<std::size_t>(model->config().in_channels)),
        samples_(static_cast<std::size_t>(info.window.samples)),
        sink_(sink),
        device_(model->parameters().front().device()),
        bf16_(nn::UseBf16(config.compute.precision, device_)) {
    signal_.reserve(batch_size_ * Stride());
  }

  void Push(std::size_t record, const Result<data::PreparedRecord>& prepared) {
    Pending& pending = pending_.emplace_back();
    pending.record = record;
    if (!prepared.ok()) {
      pending.error = prepared.error();
      Deliver();
      return;
    }
    const std::vector<std::size_t> starts =
        data::WindowStarts(prepared->samples, samples_, info_.window.overlap);
    pending.windows = pending.windows_left = starts.size();
    if (config_.classify) {
      pending.probabilities.resize(static_cast<std::size_t>(model_->config().classes));
    }
    const auto middle_of_overlap = [&](std::size_t left, std::size_t right) {
      return (starts[left] + samples_ + starts[right] + 1) / 2;
    };
    // References to elements of a deque survive growth at its ends.
    for (std::size_t w = 0; w < starts.size(); ++w) {
      signal_.resize((windows_.size() + 1) * Stride());
      data::CopyWindow(prepared->View(), starts[w], samples_,
                       signal_.data() + windows_.size() * Stride());
      windows_.push_back(
          {&pending, starts[w], w == 0 ? 0 : middle_of_overlap(w - 1, w),
           w + 1 == starts.size() ? prepared->samples : middle_of_overlap(w, w + 1)});
      if (windows_.size() == batch_size_) Run();
    }
  }

  void Finish() {
    if (!windows_.empty()) Run();
    Deliver();
  }

 private:
  std::size_t Stride() const { return channels_ * samples_; }

  void Run() {
    const torch::InferenceMode inference;
    const nn::AutocastGuard autocast(device_, bf16_);
    const auto n = static_cast<std::int64_t>(windows_.size());
    const torch::Tensor x =
        torch::from_blob(signal_.data(), {n, static_cast<std::int64_t>(channels_),
                                          static_cast<std::int64_t>(samples_)})
            .to(device_);
    const torch::Tensor features = model_->Features(x);
    const auto on_cpu = [](const torch::Tensor& t) { return t.to(torch::kCPU).contiguous(); };
    if (config_.classify) {
      AddProbabilities(on_cpu(torch::sigmoid(model_->Classify(features).to(torch::kFloat32))));
    }
    if (config_.detect_peaks) AddPeaks(on_cpu(model_->DetectPeaks(features)));
    for (const Window& window : windows_) --window.owner->windows_left;
    windows_.clear();
    signal_.clear();
    Deliver();
  }

  void AddProbabilities(const torch::Tensor& p) {
    const float* values = p.data_ptr<float>();
    for (const Window& window : windows_) {
      std::vector<float>& total = window.owner->probabilities;
      for (std::size_t k = 0; k < total.size(); ++k) {
        total[k] = info_.window.aggregation == Aggregation::kMax ? std::max(total[k], values[k])
                                                                 : total[k] + values[k];
      }
      values += total.size();
    }
  }

  void AddPeaks(const torch::Tensor& grids) {
    const data::PeakGrid grid = model_->peak_grid();
    const float* values = grids.data_ptr<float>();
    for (const Window& window : windows_) {
      for (const auto& detection :
           grid.Decode(values, window.start, samples_, info_.peak_threshold)) {
        const auto sample = static_cast<std::size_t>(detection.peak.sample);
        if (sample < window.from || sample >= window.to) continue;
        window.owner->detections.push_back(detection);
      }
      values += grid.Size(samples_);
    }
  }

  // Hands over what is complete, in order.
  void Deliver() {
    while (!pending_.empty() && pending_.front().windows_left == 0) {
      Pending& front = pending_.front();
      if (front.error) {
        sink_(front.record, *front.error);
      } else {
        sink_(front.record, Conclude(front));
      }
      pending_.pop_front();
    }
  }

  RecordPrediction Conclude(Pending& pending) const {
    RecordPrediction prediction;
    prediction.probabilities = std::move(pending.probabilities);
    if (info_.window.aggregation == Aggregation::kMean) {
      for (float& value : prediction.probabilities) value /= static_cast<float>(pending.windows);
    }
    prediction.peaks = data::KeepStrongest(std::move(pending.detections),
                                           kPeakDistanceSeconds * info_.preprocess.sampling_rate);
    return prediction;
  }

  nn::SeResNet& model_;
  const ModelInfo& info_;
  const PredictConfig& config_;
  const std::size_t batch_size_;
  const std::size_t channels_;
  const std::size_t samples_;  // of a window
  const PredictionSink& sink_;
  const torch::Device device_;
  const bool bf16_;
  std::deque<Pending> pending_;
  std::vector<float> signal_;  // [windows][channels][samples]
  std::vector<Window> windows_;
};

}  // namespace

void PredictRecords(nn::SeResNet& model, const ModelInfo& info, const PredictConfig& config,
                    std::size_t count, const RecordProducer& produce, const PredictionSink& sink) {
  const std::size_t depth = kPrefetchBatches * static_cast<std::size_t>(config.batch_size);
  OrderedPrefetch<Result<data::PreparedRecord>> records(count, config.loader_threads, depth,
                                                        produce);
  Pipeline pipeline(model, info, config, sink);
  for (std::size_t i = 0; i < count; ++i) pipeline.Push(i, *records.Next());
  pipeline.Finish();
}

}  // namespace ecg::infer
