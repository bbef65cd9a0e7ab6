#include "ecg/infer/stream.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/leads.h"

namespace ecg::infer {
namespace {

constexpr char kName[] = "the stream";

Error Refused(const std::string& message, const std::string& field) {
  return UsageError(message, kName, 0, field);
}

Error OutOfBounds(double value, double least, double most, const std::string& field) {
  return Refused("is " + FormatDouble(value) + "; accepted are " + FormatDouble(least) + " to " +
                     FormatDouble(most),
                 field);
}

Status Check(const StreamConfig& config) {
  const double rate = config.sampling_rate;
  if (!(rate >= record::kMinRate && rate <= record::kMaxRate)) {
    return OutOfBounds(rate, record::kMinRate, record::kMaxRate, "sampling rate");
  }
  if (!(config.seconds >= 0 && config.seconds <= kLongestStreamWindow)) {
    return OutOfBounds(config.seconds, 0, kLongestStreamWindow, "seconds");
  }
  if (config.age && !(*config.age >= 0 && *config.age <= record::kOldest)) {
    return OutOfBounds(*config.age, 0, record::kOldest, "age");
  }
  if (config.leads.empty()) return Refused("has none", "leads");
  std::set<std::string> names;
  for (const std::string& lead : config.leads) {
    const std::string name = record::CanonicalLead(lead);
    if (!names.insert(name).second) return Refused("holds the lead " + name + " twice", "leads");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Stream>> Stream::Open(const Classifier& model, StreamConfig config) {
  if (const Status checked = Check(config); !checked.ok()) return checked.error();
  const double seconds =
      config.seconds > 0 ? config.seconds : std::min(model.WindowSeconds(), kLongestStreamWindow);
  // Rounded up, so that resampled to the model's rate they fill its window. A product that should
  // be whole may miss it by its last digits.
  constexpr double kLastDigits = 1e-9;
  const double samples = std::ceil(seconds * config.sampling_rate * (1 - kLastDigits));
  const auto capacity = static_cast<std::size_t>(std::max(samples, 1.0));
  const double bytes = static_cast<double>(config.leads.size()) * samples * sizeof(float);
  const auto limit = static_cast<double>(MemoryBudget::OfProcess().limit());
  if (bytes > limit) {
    return Refused("would take " + BytesInWords(bytes) + ", recordings may take " +
                       BytesInWords(limit) + " here",
                   "seconds");
  }
  return WithinMemory(kName, [&]() -> Result<std::unique_ptr<Stream>> {
    return std::unique_ptr<Stream>(new Stream(model, std::move(config), capacity));
  });
}

Stream::Stream(const Classifier& model, StreamConfig config, std::size_t capacity)
    : model_(model),
      config_(std::move(config)),
      capacity_(capacity),
      ring_(config_.leads.size(), std::vector<float>(capacity)) {}

Status Stream::Append(const float* millivolts, std::size_t leads, std::size_t count) {
  if (leads != ring_.size()) {
    return Refused(
        "was opened with " + Counted(ring_.size(), "lead") + ", not " + std::to_string(leads),
        "leads");
  }
  if (count == 0) return {};
  if (millivolts == nullptr) return Refused("are not there", "samples");
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::size_t kept = std::min(count, capacity_);
  const auto at = static_cast<std::size_t>((appended_ + (count - kept)) % capacity_);
  const std::size_t to_end = std::min(kept, capacity_ - at);
  for (std::size_t i = 0; i < leads; ++i) {
    const float* from = millivolts + i * count + (count - kept);
    float* ring = ring_[i].data();
    std::copy(from, from + to_end, ring + at);
    std::copy(from + to_end, from + kept, ring);
  }
  appended_ += count;
  return {};
}

Recording Stream::Window() const {
  Recording recording;
  recording.sampling_rate = config_.sampling_rate;
  recording.leads = config_.leads;
  recording.age = config_.age;
  recording.sex = config_.sex;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto held =
      static_cast<std::size_t>(std::min<std::uint64_t>(appended_, std::uint64_t{capacity_}));
  const auto oldest = static_cast<std::size_t>((appended_ - held) % capacity_);
  const std::size_t to_end = std::min(held, capacity_ - oldest);
  for (const std::vector<float>& ring : ring_) {
    std::vector<float>& lead = recording.samples.emplace_back(held);
    std::copy_n(ring.data() + oldest, to_end, lead.data());
    std::copy_n(ring.data(), held - to_end, lead.data() + to_end);
  }
  return recording;
}

Result<RecordAnswer> Stream::Ask(const AskOptions& options) const {
  const Result<Recording> window =
      WithinMemory(kName, [&]() -> Result<Recording> { return Window(); });
  if (!window.ok()) return window.error();
  return model_.Classify(*window, options);
}

std::uint64_t Stream::appended() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return appended_;
}

}  // namespace ecg::infer
