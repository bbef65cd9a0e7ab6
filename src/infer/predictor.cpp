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

// What is known of a record while its windows are on the way.
struct Pending {
  std::size_t record = 0;
  std::size_t windows_left = 0;
  std::size_t windows = 0;
  std::optional<Error> error;
  std::vector<float> probabilities;
};

// Collects windows into batches and their probabilities into records.
class Pipeline {
 public:
  Pipeline(nn::SeResNet& model, const WindowConfig& window, const PredictConfig& config,
           const ProbabilitySink& sink)
      : model_(model),
        window_(window),
        batch_size_(static_cast<std::size_t>(config.batch_size)),
        channels_(static_cast<std::size_t>(model->config().in_channels)),
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
    const auto samples = static_cast<std::size_t>(window_.samples);
    const std::vector<std::size_t> starts =
        data::WindowStarts(prepared->samples, samples, window_.overlap);
    pending.windows = pending.windows_left = starts.size();
    pending.probabilities.resize(static_cast<std::size_t>(model_->config().classes));
    // References to elements of a deque survive growth at its ends.
    for (const std::size_t start : starts) {
      signal_.resize((owners_.size() + 1) * Stride());
      data::CopyWindow(*prepared, start, samples, signal_.data() + owners_.size() * Stride());
      owners_.push_back(&pending);
      if (owners_.size() == batch_size_) Run();
    }
  }

  void Finish() {
    if (!owners_.empty()) Run();
    Deliver();
  }

 private:
  std::size_t Stride() const { return channels_ * static_cast<std::size_t>(window_.samples); }

  void Run() {
    const torch::InferenceMode inference;
    const nn::AutocastGuard autocast(device_, bf16_);
    const auto n = static_cast<std::int64_t>(owners_.size());
    const torch::Tensor x =
        torch::from_blob(signal_.data(), {n, static_cast<std::int64_t>(channels_), window_.samples})
            .to(device_);
    const torch::Tensor p =
        torch::sigmoid(model_(x).to(torch::kFloat32)).to(torch::kCPU).contiguous();
    const float* values = p.data_ptr<float>();
    for (Pending* pending : owners_) {
      std::vector<float>& total = pending->probabilities;
      for (std::size_t k = 0; k < total.size(); ++k) {
        total[k] = window_.aggregation == Aggregation::kMax ? std::max(total[k], values[k])
                                                            : total[k] + values[k];
      }
      values += total.size();
      --pending->windows_left;
    }
    owners_.clear();
    signal_.clear();
    Deliver();
  }

  // Hands over what is complete, in order.
  void Deliver() {
    while (!pending_.empty() && pending_.front().windows_left == 0) {
      Pending& front = pending_.front();
      if (front.error) {
        sink_(front.record, *front.error);
      } else {
        if (window_.aggregation == Aggregation::kMean) {
          for (float& value : front.probabilities) value /= static_cast<float>(front.windows);
        }
        sink_(front.record, front.probabilities);
      }
      pending_.pop_front();
    }
  }

  nn::SeResNet& model_;
  const WindowConfig& window_;
  const std::size_t batch_size_;
  const std::size_t channels_;
  const ProbabilitySink& sink_;
  const torch::Device device_;
  const bool bf16_;
  std::deque<Pending> pending_;
  std::vector<float> signal_;     // [owners][channels][samples]
  std::vector<Pending*> owners_;  // whose windows the batch holds
};

}  // namespace

void PredictRecords(nn::SeResNet& model, const WindowConfig& window, const PredictConfig& config,
                    std::size_t count, const RecordProducer& produce, const ProbabilitySink& sink) {
  const std::size_t depth = kPrefetchBatches * static_cast<std::size_t>(config.batch_size);
  OrderedPrefetch<Result<data::PreparedRecord>> records(count, config.loader_threads, depth,
                                                        produce);
  Pipeline pipeline(model, window, config, sink);
  for (std::size_t i = 0; i < count; ++i) pipeline.Push(i, *records.Next());
  pipeline.Finish();
}

}  // namespace ecg::infer
