// From a record to what the network sees; the same function for training and prediction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {

using record::kMaxRate;
using record::kMinRate;

// A record of more samples, as the network would see it, is refused: 4 GiB. One of a low rate, and
// of a few bytes where it is a gap, could ask for much more.
inline constexpr std::size_t kMaxPreparedSamples = std::size_t{1} << 30;

// Channels that may follow the leads: what the header says of the patient, the same in every
// sample. Age is (years - 60) / 20, sex 1 (female) or -1; zero where the header says nothing.
inline constexpr std::string_view kAgeChannel = "age";
inline constexpr std::string_view kSexChannel = "sex";
bool IsPatientChannel(std::string_view name);

struct PreprocessConfig {
  double sampling_rate = 500;  // Hz (paper section 2.2: 500 or 250)
  // The network's input channels. III and the augmented leads are linear in I and II (Table 1). Age
  // and sex may stand behind them.
  std::vector<std::string> leads = {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"};
  bool remove_mean = true;  // of each lead over the whole record
  double highpass_hz = 0;   // zero-phase Butterworth instead; 0 = off
  double limit_mv = 20;     // values beyond are electrode faults and are cut off there
  double units_per_mv = 1;  // scale of the network's input

  // How many of the channels are leads: the first so many.
  std::size_t LeadCount() const;
  std::vector<std::string> LeadNames() const;

  bool operator==(const PreprocessConfig& other) const;
  // What bounds on single settings cannot say; the error's field is a member's name.
  Status Validate() const;
};

void DescribeSettings(Settings& settings, const std::string& prefix, PreprocessConfig& config);

// Signals that somebody else owns, float [channels][samples].
struct SignalView {
  std::size_t channels = 0;
  std::size_t samples = 0;
  const float* signal = nullptr;

  const float* Channel(std::size_t c) const { return signal + c * samples; }
};

// A whole record at the network's rate and with its channels.
struct PreparedRecord {
  std::size_t channels = 0;
  std::size_t samples = 0;
  std::vector<float> signal;  // [channels][samples]; zero where a lead, age or sex is missing

  SignalView View() const { return {channels, samples, signal.data()}; }
  const float* Channel(std::size_t c) const { return View().Channel(c); }
};

// An error: a record without samples, or with a rate outside kMinRate to kMaxRate.
Status CheckRecord(const record::EcgInfo& info);

// Picks the leads by name (deriving I or II where two other limb leads allow it), resamples,
// removes the baseline, limits and scales; invalid samples become zero. A record without any of
// the leads, one that CheckRecord refuses, or one with more than kMaxPreparedSamples is an error.
Result<PreparedRecord> Preprocess(const record::EcgRecord& record, const PreprocessConfig& config);
// The same, bit for bit, from a record that gives up each lead as soon as it is not needed any
// more: for records of hours, of which memory must not hold two copies.
Result<PreparedRecord> Preprocess(record::EcgRecord&& record, const PreprocessConfig& config);

}  // namespace ecg::data
