#include "ecg/data/preprocess.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ecg/core/text.h"
#include "ecg/dsp/filter.h"
#include "ecg/dsp/resample.h"

namespace ecg::data {
namespace {

using wfdb::EcgRecord;

constexpr int kHighpassOrder = 2;

// The record itself, or `derived` made of it where limb leads are wanted that others give.
const EcgRecord& WithLimbLeads(const EcgRecord& record, const std::vector<std::string>& wanted,
                               EcgRecord& derived) {
  const auto missing = [&](const std::string& lead) {
    return !wfdb::LeadIndex(record.info, lead).has_value();
  };
  if (std::none_of(wanted.begin(), wanted.end(), missing)) return record;
  derived = record;
  wfdb::DeriveLimbLeads(derived);
  return derived;
}

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

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, PreprocessConfig& config) {
  settings.Add(prefix + "sampling_rate", config.sampling_rate,
               "Hz that every record is resampled to (paper: 500 or 250).", {10, 10000});
  settings.Add(prefix + "leads", config.leads, "The network's input channels, in order.");
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
  const wfdb::EcgInfo& info = record.info;
  if (info.samples == 0) return InputError("holds no samples", info.name);
  if (!(info.sampling_rate >= kMinRate && info.sampling_rate <= kMaxRate)) {
    return InputError("is " + FormatDouble(info.sampling_rate) + " Hz; accepted are " +
                          FormatDouble(kMinRate) + " to " + FormatDouble(kMaxRate),
                      info.name, 0, "sampling rate");
  }
  const dsp::Resampler resampler(dsp::ResamplingRatio(info.sampling_rate, config.sampling_rate));
  PreparedRecord prepared;
  prepared.channels = config.leads.size();
  prepared.samples = resampler.OutputLength(info.samples);
  prepared.signal.resize(prepared.channels * prepared.samples);
  EcgRecord derived;
  const EcgRecord& source = WithLimbLeads(record, config.leads, derived);
  std::vector<float> lead;
  std::size_t found = 0;
  for (std::size_t c = 0; c < prepared.channels; ++c) {
    const std::optional<std::size_t> index = wfdb::LeadIndex(source.info, config.leads[c]);
    if (!index) continue;
    ++found;
    lead.assign(source.Lead(*index), source.Lead(*index) + info.samples);
    const float mean = MeanOf(lead);
    FillInvalid(lead, mean);
    RemoveBaseline(lead, mean, info.sampling_rate, config);
    float* out = prepared.signal.data() + c * prepared.samples;
    resampler.Apply(lead.data(), lead.size(), out);
    const auto limit = static_cast<float>(config.limit_mv);
    const auto scale = static_cast<float>(config.units_per_mv);
    for (std::size_t t = 0; t < prepared.samples; ++t) {
      out[t] = std::clamp(out[t], -limit, limit) * scale;
    }
  }
  if (found == 0) {
    return InputError("has the leads " + Join(info.leads, ", ") + "; needed is one of " +
                          Join(config.leads, ", "),
                      info.name, 0, "leads");
  }
  return prepared;
}

Result<PreparedRecord> ReadPrepared(const std::filesystem::path& header,
                                    const PreprocessConfig& config,
                                    std::vector<std::string>* warnings) {
  Result<EcgRecord> record = wfdb::ReadEcg(header);
  if (!record.ok()) return record.error();
  if (warnings != nullptr) *warnings = std::move(record->warnings);
  return Preprocess(*record, config);
}

}  // namespace ecg::data
