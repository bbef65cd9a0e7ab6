// A recording that is still going on: samples are added as they come, and the classifier is asked
// at any time about the last seconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/infer/classifier.h"
#include "ecg/record/ecg_record.h"

namespace ecg::infer {

// Longer windows are recordings: see infer/long_record.h.
inline constexpr double kLongestStreamWindow = 600;  // s

struct StreamConfig {
  double sampling_rate = 0;        // Hz, record::kMinRate to record::kMaxRate
  std::vector<std::string> leads;  // as in "II", in any case; no lead twice
  // How many seconds are looked at, to kLongestStreamWindow; 0: what the model sees at a time
  // (Classifier::WindowSeconds).
  double seconds = 0;
  std::optional<double> age = {};  // years, 0 to record::kOldest
  std::optional<record::Sex> sex = {};
};

// Keeps the last seconds and nothing else, so memory and the time that an answer takes are the same
// after a day as after a minute. Samples may be added by one thread while another one asks.
class Stream {
 public:
  // The model must outlive it, in its place. Errors (kUsage): rate, length or age out of bounds, no
  // lead or one twice, more than recordings may take of the memory, all of which is taken here.
  static Result<std::unique_ptr<Stream>> Open(const Classifier& model, StreamConfig config);

  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // The samples that follow: mV, [leads][count] in the order of StreamConfig::leads, any number of
  // them; NaN where one is missing. Another number of leads is an error (kUsage), and nothing is
  // added.
  Status Append(const float* millivolts, std::size_t leads, std::size_t count);

  // What Classifier::Classify says, to the bit, of a recording that holds the last samples, as many
  // as there are up to capacity(). That of a stream without samples is an error (kInput).
  Result<RecordAnswer> Ask(const AskOptions& options = {}) const;

  // The recording that Ask is about.
  Recording Window() const;

  std::size_t capacity() const { return capacity_; }  // samples of each lead that are looked at
  std::uint64_t appended() const;                     // samples of each lead since it was opened

 private:
  Stream(const Classifier& model, StreamConfig config, std::size_t capacity);

  const Classifier& model_;
  const StreamConfig config_;
  const std::size_t capacity_;
  mutable std::mutex mutex_;  // of what follows
  std::uint64_t appended_ = 0;
  // Sample i of a lead lies at i % capacity_.
  std::vector<std::vector<float>> ring_;
};

}  // namespace ecg::infer
