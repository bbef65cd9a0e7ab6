#include "ecg/data/prepare/preprocess.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/dsp/filter.h"
#include "ecg/dsp/resample.h"
#include "ecg/record/leads.h"

namespace ecg::data {
namespace {

using record::EcgRecord;

constexpr int kHighpassOrder = 2;
constexpr std::size_t kMaxLeads = 64;  // of a network

// Where a channel's samples come from: a lead of the record or, where it is derived, two of them.
struct ChannelSource {
  std::size_t lead = 0;
  std::optional<record::LimbDerivation> derivation;

  bool Uses(std::size_t other) const {
    return derivation ? other == derivation->first || other == derivation->second : other == lead;
  }
};
using ChannelSources = std::vector<std::optional<ChannelSource>>;

// In units of a usual spread around the middle of those whose ECG is recorded, so that nobody's is
// far from the zero that stands for an unknown one.
float AgeValue(const std::optional<double>& years) {
  return years ? static_cast<float>((*years - 60) / 20) : 0.0F;
}

float SexValue(const std::optional<record::Sex>& sex) {
  if (!sex) return 0;
  return *sex == record::Sex::kFemale ? 1.0F : -1.0F;
}

ChannelSources FindSources(const record::EcgInfo& info, const std::vector<std::string>& leads) {
  ChannelSources sources;
  for (const std::string& name : leads) {
    const std::optional<std::size_t> lead = record::LeadIndex(info, name);
    const auto derivation = lead ? std::nullopt : record::FindDerivation(info.leads, name);
    sources.emplace_back();
    if (lead || derivation) sources.back() = ChannelSource{lead.value_or(0), derivation};
  }
  return sources;
}

// Whether a channel from `first` on uses a lead.
bool IsUsed(const ChannelSources& sources, std::size_t first, std::size_t lead) {
  return std::any_of(sources.begin() + static_cast<std::ptrdiff_t>(first), sources.end(),
                     [lead](const auto& source) { return source && source->Uses(lead); });
}

// The leads of a record, one channel after the other.
class ChannelReader {
 public:
  // `owned` is the record where its leads may be released, else null.
  ChannelReader(const EcgRecord& record, EcgRecord* owned, const std::vector<std::string>& leads)
      : record_(record), owned_(owned), sources_(FindSources(record.info, leads)) {
    Release(0);
  }

  // Nothing where the record has no such lead. To be called once for each channel, in order.
  std::optional<std::vector<float>> Read(std::size_t channel) {
    if (!sources_[channel]) return {};
    const ChannelSource& source = *sources_[channel];
    std::vector<float> lead;
    if (source.derivation) {
      lead = record::DerivedLead(record_, *source.derivation);
    } else if (owned_ == nullptr || IsUsed(sources_, channel + 1, source.lead)) {
      lead = record_.leads[source.lead];
    } else {
      lead = std::move(owned_->leads[source.lead]);
    }
    Release(channel + 1);
    return lead;
  }

 private:
  // Frees what no channel from `first` on uses.
  void Release(std::size_t first) {
    if (owned_ == nullptr) return;
    for (std::size_t k = 0; k < owned_->leads.size(); ++k) {
      if (!IsUsed(sources_, first, k)) owned_->leads[k] = std::vector<float>();
    }
  }

  const EcgRecord& record_;
  EcgRecord* owned_;
  ChannelSources sources_;
};

// The mean of the valid samples, 0 where there is none.
float MeanOf(const std::vector<float>& x) {
  double sum = 0;
  std::size_t count = 0;
  for (const float value : x) {
    if (std::isfinite(value)) sum += value, ++count;
  }
  return count > 0 ? static_cast<float>(sum / static_cast<double>(count)) : 0.0F;
}

// Invalid samples take the lead's mean, so that neither filter nor baseline sees a jump.
void FillInvalid(std::vector<float>& x, float value) {
  for (float& sample : x) {
    if (!std::isfinite(sample)) sample = value;
  }
}

void RemoveBaseline(std::vector<float>& x, float mean, double rate,
                    const PreprocessConfig& config) {
  if (config.highpass_hz > 0) {
    const auto sections = dsp::ButterworthHighPass(kHighpassOrder, config.highpass_hz, rate);
    const auto filtered = dsp::FiltFilt(sections, std::vector<double>(x.begin(), x.end()));
    std::transform(filtered.begin(), filtered.end(), x.begin(),
                   [](double value) { return static_cast<float>(value); });
  } else if (config.remove_mean) {
    for (float& sample : x) sample -= mean;
  }
}

Result<PreparedRecord> Prepare(const EcgRecord& record, EcgRecord* owned,
                               const PreprocessConfig& config) {
  const record::EcgInfo& info = record.info;
  if (const Status checked = CheckRecord(info); !checked.ok()) return checked.error();
  const dsp::Resampler resampler(dsp::ResamplingRatio(info.sampling_rate, config.sampling_rate));
  PreparedRecord prepared;
  prepared.channels = config.leads.size();
  prepared.samples = resampler.OutputLength(info.samples);
  if (prepared.channels > 0 && prepared.samples > kMaxPreparedSamples / prepared.channels) {
    return InputError("has " + std::to_string(prepared.samples) + " at " +
                          FormatDouble(config.sampling_rate) + " Hz, too many for " +
                          Counted(prepared.channels, "channel"),
                      info.name, 0, "number of samples");
  }
  ChannelReader reader(record, owned, config.LeadNames());
  prepared.signal.reserve(prepared.channels * prepared.samples);
  std::size_t found = 0;
  for (std::size_t c = 0; c < config.LeadCount(); ++c) {
    std::optional<std::vector<float>> lead = reader.Read(c);
    if (!lead) {
      prepared.signal.resize((c + 1) * prepared.samples);
      continue;
    }
    ++found;
    const float mean = MeanOf(*lead);
    FillInvalid(*lead, mean);
    RemoveBaseline(*lead, mean, info.sampling_rate, config);
    resampler.Append(std::move(*lead), prepared.signal);
    float* out = prepared.signal.data() + c * prepared.samples;
    const auto limit = static_cast<float>(config.limit_mv);
    const auto scale = static_cast<float>(config.units_per_mv);
    for (std::size_t t = 0; t < prepared.samples; ++t) {
      out[t] = std::clamp(out[t], -limit, limit) * scale;
    }
  }
  for (std::size_t c = config.LeadCount(); c < prepared.channels; ++c) {
    prepared.signal.resize((c + 1) * prepared.samples, config.leads[c] == kAgeChannel
                                                           ? AgeValue(info.age)
                                                           : SexValue(info.sex));
  }
  if (found > 0) return prepared;
  return InputError("has " + record::LeadsInWords(record) + "; needed is one of " +
                        Join(config.LeadNames(), ", "),
                    info.name, 0, "leads");
}

}  // namespace

Status CheckRecord(const record::EcgInfo& info) {
  if (info.samples == 0) return InputError("holds no samples", info.name);
  if (info.sampling_rate >= kMinRate && info.sampling_rate <= kMaxRate) return {};
  return InputError("is " + FormatDouble(info.sampling_rate) + " Hz; accepted are " +
                        FormatDouble(kMinRate) + " to " + FormatDouble(kMaxRate),
                    info.name, 0, "sampling rate");
}

bool IsPatientChannel(std::string_view name) { return name == kAgeChannel || name == kSexChannel; }

std::size_t PreprocessConfig::LeadCount() const {
  return static_cast<std::size_t>(std::find_if(leads.begin(), leads.end(), IsPatientChannel) -
                                  leads.begin());
}

std::vector<std::string> PreprocessConfig::LeadNames() const {
  return {leads.begin(), leads.begin() + static_cast<std::ptrdiff_t>(LeadCount())};
}

bool PreprocessConfig::operator==(const PreprocessConfig& other) const {
  const auto parts = [](const PreprocessConfig& config) {
    return std::tie(config.sampling_rate, config.leads, config.remove_mean, config.highpass_hz,
                    config.limit_mv, config.units_per_mv);
  };
  return parts(*this) == parts(other);
}

Status PreprocessConfig::Validate() const {
  const auto fail = [](const char* field, const std::string& message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  if (LeadCount() == 0) return fail("leads", "names no lead first");
  if (!std::all_of(leads.begin() + static_cast<std::ptrdiff_t>(LeadCount()), leads.end(),
                   IsPatientChannel)) {
    return fail("leads", "names a lead behind age or sex");
  }
  if (leads.size() > kMaxLeads) {
    return fail("leads", "names more than " + std::to_string(kMaxLeads) + " leads");
  }
  for (std::size_t k = 0; k < leads.size(); ++k) {
    if (std::count(leads.begin(), leads.begin() + static_cast<std::ptrdiff_t>(k), leads[k]) > 0) {
      return fail("leads", "names " + leads[k] + " twice");
    }
  }
  return {};
}

void DescribeSettings(Settings& settings, const std::string& prefix, PreprocessConfig& config) {
  settings.Add(prefix + "sampling_rate", config.sampling_rate,
               "Hz that every record is resampled to (paper: 500 or 250).", {10, 10000});
  settings.Add(prefix + "leads", config.leads,
               "The network's input channels, in order; \"age\" and \"sex\" may follow the leads.");
  settings.Add(prefix + "remove_mean", config.remove_mean,
               "Subtract each lead's mean over the whole record.");
  settings.Add(
      prefix + "highpass_hz", config.highpass_hz,
      "Cut-off of a zero-phase Butterworth high-pass (order 2) against baseline wander; 0: none.",
      {0, 5});
  settings.Add(prefix + "limit_mv", config.limit_mv,
               "Values beyond this many mV are cut off (electrode faults).", {1, 1000});
  settings.Add(prefix + "units_per_mv", config.units_per_mv, "Scale of the network's input.",
               {0.001, 1000});
}

Result<PreparedRecord> Preprocess(const EcgRecord& record, const PreprocessConfig& config) {
  return Prepare(record, nullptr, config);
}

Result<PreparedRecord> Preprocess(EcgRecord&& record, const PreprocessConfig& config) {
  return Prepare(record, &record, config);
}

}  // namespace ecg::data
