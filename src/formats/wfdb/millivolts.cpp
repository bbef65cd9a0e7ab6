#include "src/formats/wfdb/millivolts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"
#include "ecg/record/units.h"
#include "src/core/simd.h"
#include "src/formats/wfdb/decode.h"
#include "src/formats/wfdb/signal_buffer.h"

namespace ecg::wfdb {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// out = (values - baseline) * scale; returns the lowest value.
template <typename Real>
inline std::int32_t ConvertAs(const std::int32_t* values, std::size_t count, Real baseline,
                              Real scale, float* out) {
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>((static_cast<Real>(values[i]) - baseline) * scale);
    lowest = std::min(lowest, values[i]);
  }
  return lowest;
}

ECG_VECTOR_CLONES std::int32_t ConvertInFloat(const std::int32_t* values, std::size_t count,
                                              float baseline, float scale, float* out) {
  return ConvertAs<float>(values, count, baseline, scale, out);
}

// Converts samples of one signal to millivolts.
class MillivoltScale {
 public:
  MillivoltScale() = default;
  explicit MillivoltScale(const SignalHeader& signal)
      : baseline_(static_cast<double>(signal.baseline)),
        scale_(record::MillivoltsPer(signal.units) / signal.gain) {
    // Differences below 2^24 are exact in single precision, where the loop is four times as fast.
    constexpr double kExact = 1 << 23;
    exact_in_float_ = std::abs(baseline_) < kExact && signal.format != Format::kInt32 &&
                      signal.format != Format::kDifference8;
  }

  void Convert(const std::int32_t* values, std::size_t count, float* out) const {
    const std::int32_t lowest = exact_in_float_
                                    ? ConvertInFloat(values, count, static_cast<float>(baseline_),
                                                     static_cast<float>(scale_), out)
                                    : ConvertAs(values, count, baseline_, scale_, out);
    // Apart, so that the compiler can vectorise what every sample needs.
    static_assert(kInvalidSample == std::numeric_limits<std::int32_t>::min());
    if (lowest != kInvalidSample) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (values[i] == kInvalidSample) out[i] = kNan;
    }
  }

 private:
  double baseline_ = 0, scale_ = 1;
  bool exact_in_float_ = false;
};

// The means of frames, made as their samples come; NaN where one of them is.
class FrameMeans {
 public:
  explicit FrameMeans(int samples_per_frame) : spf_(static_cast<std::size_t>(samples_per_frame)) {}

  // `values` are those from sample `start` on, and follow the ones before or begin a frame.
  void Put(std::size_t start, const std::vector<float>& values, SignalBuffer<float>& means) {
    std::size_t in_frame = start % spf_;
    std::size_t frame = start / spf_;
    for (const float value : values) {
      if (in_frame == 0) sum_ = 0;
      sum_ += static_cast<double>(value);
      if (++in_frame < spf_) continue;
      *means.Next(frame++, 1) = static_cast<float>(sum_ / static_cast<double>(spf_));
      in_frame = 0;
    }
  }

 private:
  std::size_t spf_;
  double sum_ = 0;  // of the frame that has begun
};

// Writes the selected signals, mV, at the rate of the selection.
class MillivoltSink : public SampleSink {
 public:
  MillivoltSink(const Header& header, const Selection& selection,
                std::vector<std::vector<float>>& leads)
      : selection_(selection), lead_of_(header.signals.size(), kNotSelected), samples_(leads) {
    for (const std::size_t i : selection.signals) {
      lead_of_[i] = means_.size();
      means_.emplace_back(header.signals[i].samples_per_frame);
    }
    scales_.resize(means_.size());
    samples_.resize(means_.size());
  }

  void Begin(std::uint64_t frames) override {
    frames_ = static_cast<std::size_t>(frames);
    for (std::vector<float>& lead : samples_) {
      buffers_.emplace_back(lead, frames_ * static_cast<std::size_t>(selection_.samples_per_frame),
                            kNan);
    }
  }

  void SetScale(std::size_t signal, std::size_t, const SignalHeader& source) override {
    const std::size_t lead = lead_of_[signal];
    if (lead != kNotSelected) scales_[lead] = MillivoltScale(source);
  }

  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    const std::size_t lead = lead_of_[signal];
    if (lead == kNotSelected) return;
    if (!selection_.average) {
      scales_[lead].Convert(values, count, buffers_[lead].Next(start, count));
      return;
    }
    block_.resize(count);
    scales_[lead].Convert(values, count, block_.data());
    means_[lead].Put(start, block_, buffers_[lead]);
  }

  // To be called after the last sample; returns the number of frames.
  std::size_t Finish() {
    for (SignalBuffer<float>& buffer : buffers_) buffer.Finish();
    return frames_;
  }

 private:
  static constexpr std::size_t kNotSelected = std::numeric_limits<std::size_t>::max();
  const Selection& selection_;
  std::vector<std::size_t> lead_of_;  // [signal]
  std::vector<FrameMeans> means_;     // [lead]
  std::vector<float> block_;          // whose means are taken
  std::vector<std::vector<float>>& samples_;
  std::vector<MillivoltScale> scales_;
  std::vector<SignalBuffer<float>> buffers_;
  std::size_t frames_ = 0;
};

// Keeps the signals of the leads that are wanted; returns the names of the others.
std::vector<std::string> KeepWanted(const std::vector<std::string>& wanted, Selection& selection,
                                    record::EcgInfo& info) {
  const std::vector<bool> keep = record::LeadsToRead(info, wanted);
  const std::vector<std::size_t> signals = std::exchange(selection.signals, {});
  const std::vector<std::string> names = std::exchange(info.leads, {});
  std::vector<std::string> others;
  for (std::size_t k = 0; k < keep.size(); ++k) {
    if (keep[k]) selection.signals.push_back(signals[k]);
    (keep[k] ? info.leads : others).push_back(names[k]);
  }
  return others;
}

// Signals in other units than voltages are named, with one warning for each unit, and voltages at
// rates of no ECG.
void TellOfOtherSignals(const Header& header, const Selection& selection,
                        record::EcgRecord& record) {
  for (const std::size_t i : selection.at_other_rates) {
    const std::string lead = record::CanonicalLead(header.signals[i].description);
    const std::string rate = FormatDouble(OwnRate(header, i)) + " Hz";
    record.unread_leads.push_back(Join({lead, rate}, ": "));
    record.warnings.push_back(InputError(Join({rate, lead}, " is the rate of no ECG, left out: "),
                                         header.file, header.signals[i].line, "sampling frequency")
                                  .ToString());
  }
  std::map<std::string, std::vector<const SignalHeader*>> by_units;
  for (const SignalHeader& signal : header.signals) {
    if (record::MillivoltsPer(signal.units) != 0) continue;
    by_units[signal.units].push_back(&signal);
    record.unread_leads.push_back(record::CanonicalLead(signal.description) + ": units " +
                                  signal.units);
  }
  for (const auto& [units, signals] : by_units) {
    std::vector<std::string> names;
    for (const SignalHeader* signal : signals) {
      names.push_back(record::CanonicalLead(signal->description));
    }
    record.warnings.push_back(InputError(units + " are no voltage, left out: " + Join(names, ", "),
                                         header.file, signals.front()->line, "units")
                                  .ToString());
  }
}

// What is known without samples; `selection` keeps the signals of the leads that are wanted.
void Begin(const Header& header, const record::EcgInfo& info, const record::ReadOptions& options,
           Selection& selection, record::EcgRecord& record) {
  record.info = info;
  record.warnings = header.warnings;
  record.unread_leads.clear();  // it may be a record that is used again
  TellOfOtherSignals(header, selection, record);
  record.other_leads = KeepWanted(options.leads, selection, record.info);
}

}  // namespace

Status ReadMillivolts(const Header& header, const record::EcgInfo& info, Selection selection,
                      const record::ReadOptions& options, record::EcgRecord& record) {
  Begin(header, info, options, selection, record);
  MillivoltSink sink(header, selection, record.leads);
  const Status decoded = DecodeRecord(header, options, sink, record.warnings);
  if (!decoded.ok()) return decoded;
  record.info.samples = sink.Finish() * static_cast<std::size_t>(selection.samples_per_frame);
  return {};
}

Status ReadMillivoltStretch(const Header& header, const record::EcgInfo& info, Selection selection,
                            const record::ReadOptions& options, std::size_t from, std::size_t to,
                            record::EcgRecord& record) {
  Begin(header, info, options, selection, record);
  const auto spf = static_cast<std::size_t>(selection.samples_per_frame);
  const std::size_t begin = from / spf, end = (to + spf - 1) / spf;  // frames
  MillivoltSink sink(header, selection, record.leads);
  const Status decoded = DecodeStretch(header, options, begin, end, sink, record.warnings);
  if (!decoded.ok()) return decoded;
  sink.Finish();
  for (std::vector<float>& lead : record.leads) {
    lead.erase(lead.begin(), lead.begin() + static_cast<std::ptrdiff_t>(from - begin * spf));
    lead.resize(to - from);
  }
  record.info.samples = to - from;
  return {};
}

}  // namespace ecg::wfdb
