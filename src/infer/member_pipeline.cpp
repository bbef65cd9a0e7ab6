#include "src/infer/member_pipeline.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "ecg/data/prepare/window.h"
#include "ecg/model/network_layout.h"

namespace ecg::infer {
namespace {

using model::Aggregation;

// Windows at a time, bounded by what they take: those of a model may be long.
constexpr double kBatchBytes = 256 << 20;

std::size_t BatchSize(std::size_t wanted, const model::SeResNetConfig& architecture) {
  const double most = kBatchBytes / model::CostOfWindow(architecture).at_once;
  return most >= static_cast<double>(wanted)
             ? wanted
             : std::max<std::size_t>(1, static_cast<std::size_t>(most));
}

// Two peaks of one type cannot be nearer: the heart beats at most 300 times a minute or so.
constexpr double kPeakDistanceSeconds = 0.1;

bool AllFinite(const float* values, std::size_t count) {
  return std::all_of(values, values + count, [](float value) { return std::isfinite(value); });
}

Error NotFinite(const char* what) {
  return {ErrorKind::kDiverged,
          std::string("the network gives ") + what + " that are not finite numbers",
          {},
          0,
          {}};
}

}  // namespace

MemberPipeline::MemberPipeline(const Member& member, model::Wanted wanted, std::size_t batch_size,
                               std::vector<std::uint8_t> keep)
    : member_(member),
      wanted_(wanted),
      batch_size_(BatchSize(batch_size, member.info.architecture)),
      keep_(std::move(keep)),
      samples_(static_cast<std::size_t>(member.info.window.samples)),
      stride_(member.info.preprocess.leads.size() * samples_) {
  signal_.reserve(batch_size_ * stride_);
}

void MemberPipeline::Push(const data::SignalView& record) {
  Pending& pending = pending_.emplace_back();
  const std::vector<std::size_t> starts =
      data::WindowStarts(record.samples, samples_, member_.info.window.overlap);
  pending.windows = pending.windows_left = starts.size();
  if (wanted_.probabilities) pending.probabilities.resize(member_.info.task.size());
  const auto middle_of_overlap = [&](std::size_t left, std::size_t right) {
    return (starts[left] + samples_ + starts[right] + 1) / 2;
  };
  // References to elements of a deque survive growth at its ends.
  for (std::size_t w = 0; w < starts.size(); ++w) {
    signal_.resize((windows_.size() + 1) * stride_);
    data::CopyWindow(record, starts[w], samples_, keep_,
                     signal_.data() + windows_.size() * stride_);
    windows_.push_back({&pending, starts[w], w == 0 ? 0 : middle_of_overlap(w - 1, w),
                        w + 1 == starts.size() ? record.samples : middle_of_overlap(w, w + 1)});
    if (windows_.size() == batch_size_) Run();
  }
}

void MemberPipeline::Finish() {
  if (!windows_.empty()) Run();
}

Result<NetworkAnswer> MemberPipeline::TakeFront() {
  Pending front = std::move(pending_.front());
  pending_.pop_front();
  if (front.error) return *front.error;
  return Conclude(front);
}

void MemberPipeline::Run() {
  member_.network->Run(signal_.data(), windows_.size(), wanted_, output_);
  if (wanted_.probabilities) AddProbabilities();
  if (wanted_.peaks) AddPeaks();
  for (const Window& window : windows_) --window.owner->windows_left;
  windows_.clear();
  signal_.clear();
}

void MemberPipeline::AddProbabilities() {
  const float* values = output_.probabilities.data();
  for (const Window& window : windows_) {
    std::vector<float>& total = window.owner->probabilities;
    if (!AllFinite(values, total.size())) window.owner->error = NotFinite("probabilities");
    for (std::size_t k = 0; k < total.size(); ++k) {
      total[k] = member_.info.window.aggregation == Aggregation::kMax
                     ? std::max(total[k], values[k])
                     : total[k] + values[k];
    }
    values += total.size();
  }
}

void MemberPipeline::AddPeaks() {
  const model::SeResNetConfig& architecture = member_.info.architecture;
  const data::PeakGrid grid(architecture.peak_grid, architecture.blocks.size());
  const float* values = output_.peaks.data();
  for (const Window& window : windows_) {
    if (!AllFinite(values, grid.Size(samples_))) window.owner->error = NotFinite("peaks");
    for (const auto& detection :
         grid.Decode(values, window.start, samples_, member_.info.peak_threshold)) {
      const auto sample = static_cast<std::size_t>(detection.peak.sample);
      if (sample < window.from || sample >= window.to) continue;
      window.owner->detections.push_back(detection);
    }
    values += grid.Size(samples_);
  }
}

NetworkAnswer MemberPipeline::Conclude(Pending& pending) const {
  NetworkAnswer prediction;
  prediction.probabilities = std::move(pending.probabilities);
  if (member_.info.window.aggregation == Aggregation::kMean) {
    for (float& value : prediction.probabilities) value /= static_cast<float>(pending.windows);
  }
  prediction.peak_rate = member_.info.preprocess.sampling_rate;
  prediction.peaks = data::KeepStrongest(std::move(pending.detections),
                                         kPeakDistanceSeconds * prediction.peak_rate);
  return prediction;
}

}  // namespace ecg::infer
