#include "ecg/infer/measure.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/data/prepare/teacher.h"
#include "ecg/dsp/measure/beat_type.h"
#include "ecg/record/leads.h"

namespace ecg::infer {
namespace {

using Lead = std::vector<double>;  // mV

std::vector<Lead> LeadsOf(const record::EcgRecord& record) {
  std::vector<Lead> leads;
  for (const std::vector<float>& lead : record.leads) leads.emplace_back(lead.begin(), lead.end());
  return leads;
}

Error NoSuchLeads(const record::EcgRecord& record, const std::vector<std::string>& wanted) {
  return InputError("has " + record::LeadsInWords(record) +
                        (wanted.empty() ? "" : "; wanted is one of " + Join(wanted, ", ")),
                    record.info.name, 0, "leads");
}

std::size_t SamplesToMeasure(const record::EcgInfo& info, double seconds) {
  if (!(seconds > 0)) return info.samples;
  return static_cast<std::size_t>(
      std::min(static_cast<double>(info.samples), seconds * info.sampling_rate));
}

// The leads that are looked at, as a recording of their own.
record::EcgRecord Chosen(const record::EcgRecord& record, const MeasureConfig& config) {
  const std::size_t samples = SamplesToMeasure(record.info, config.seconds);
  record::EcgRecord chosen;
  chosen.info.sampling_rate = record.info.sampling_rate;
  chosen.info.samples = samples;
  for (const std::string& name : config.leads) {
    std::vector<float> lead;
    if (const auto index = record::LeadIndex(record.info, name)) {
      lead.assign(record.Lead(*index), record.Lead(*index) + samples);
    } else if (const auto derivation = record::FindDerivation(record.info.leads, name)) {
      lead = record::DerivedLead(record, *derivation);
      lead.resize(samples);
    }
    if (lead.empty()) continue;
    chosen.info.leads.push_back(name);
    chosen.leads.push_back(std::move(lead));
  }
  record::SetAsideDeadLeads(chosen);  // in what is looked at, or made of leads that are the same
  return chosen;
}

// Beats and measurements of a recording whose leads are those to look at, and of the limb leads
// that follow from them.
Measured MeasureChosen(record::EcgRecord chosen) {
  Measured measured;
  measured.sampling_rate = chosen.info.sampling_rate;
  measured.leads = chosen.info.leads;
  std::vector<Lead> leads = LeadsOf(chosen);
  measured.beats = dsp::DelineateRecord(leads, measured.sampling_rate).common;
  measured.typed = dsp::TypeBeats(leads, measured.beats, measured.sampling_rate);
  record::DeriveLimbLeads(chosen);
  for (std::size_t k = leads.size(); k < chosen.leads.size(); ++k) {
    leads.emplace_back(chosen.leads[k].begin(), chosen.leads[k].end());
  }
  measured.measured_leads = chosen.info.leads;
  measured.values = dsp::Measure(measured.measured_leads, leads, measured.beats, measured.typed,
                                 measured.sampling_rate);
  return measured;
}

}  // namespace

double BytesToMeasure(const record::EcgInfo& info, const MeasureConfig& config) {
  constexpr std::size_t kLimbLeads = 6;
  const std::size_t samples = SamplesToMeasure(info, config.seconds);
  const std::size_t leads = config.leads.empty() ? info.leads.size() : config.leads.size();
  const auto of_lead = static_cast<double>(samples) * sizeof(double);
  const auto all = static_cast<double>(leads), limbs = static_cast<double>(leads + kLimbLeads);
  // As real numbers of more digits; where leads are derived, with those and as they are, too.
  const double copies = config.derive ? limbs * (of_lead + of_lead / 2) : all * of_lead;
  return copies + dsp::BytesToDelineate(leads, samples, info.sampling_rate, config.method);
}

Result<Measured> MeasureRecord(const record::EcgRecord& record, const MeasureConfig& config) {
  if (config.derive) return MeasureChosen(Chosen(record, config));
  Measured measured;
  const double rate = measured.sampling_rate = record.info.sampling_rate;
  const data::NamedLeads input = data::LeadsToDelineate(record, config.leads);
  if (input.names.empty()) return NoSuchLeads(record, config.leads);
  measured.leads = measured.measured_leads = input.names;
  if (config.method == dsp::Delineator::kRobust) {
    dsp::RecordBeats beats = dsp::DelineateRecord(input.leads, rate);
    measured.beats = std::move(beats.common);
    measured.typed = dsp::TypeBeats(input.leads, measured.beats, rate);
    if (config.each_lead) measured.of_lead = std::move(beats.leads);
  } else {
    if (config.common) measured.beats = dsp::TeacherBeats(input.leads, rate, config.method);
    for (std::size_t k = 0; config.each_lead && k < input.leads.size(); ++k) {
      measured.of_lead.push_back(dsp::Delineate(input.leads[k], rate, config.method));
    }
  }
  if (config.intervals) {
    measured.values =
        dsp::Measure(measured.leads, input.leads, measured.beats, measured.typed, rate);
  }
  return measured;
}

MeasureConfig MeasureForCriteria(std::vector<std::string> leads) {
  MeasureConfig config;
  config.leads = std::move(leads);
  config.derive = true;
  config.seconds = kMeasuredSeconds;
  return config;
}

dsp::Exchange MendElectrodes(record::EcgRecord& record) {
  std::vector<std::string> standard;
  for (const std::string& lead : record.info.leads) {
    if (record::IsStandardLead(lead)) standard.push_back(lead);
  }
  if (standard.empty()) return dsp::Exchange::kNone;
  const Result<Measured> measured = MeasureRecord(record, MeasureForCriteria(std::move(standard)));
  if (!measured.ok()) return dsp::Exchange::kNone;
  const dsp::Exchange found =
      dsp::FindExchange(measured->measured_leads, measured->values, measured->sampling_rate);
  return dsp::Mend(found, record) ? found : dsp::Exchange::kNone;
}

Measured MeasurePrepared(const data::SignalView& signal, const data::PreprocessConfig& preparation,
                         const std::vector<std::uint8_t>& keep) {
  const double rate = preparation.sampling_rate;
  const auto scale = static_cast<float>(preparation.units_per_mv);
  const std::size_t samples =
      std::min(signal.samples, static_cast<std::size_t>(kMeasuredSeconds * rate));
  record::EcgRecord chosen;
  chosen.info.sampling_rate = rate;
  // Derived leads had no samples where these bundles were fitted, and count as flat with them.
  chosen.info.samples = 0;
  for (std::size_t c = 0; c < preparation.LeadCount(); ++c) {
    const float* channel = signal.Channel(c);
    const bool empty = std::all_of(channel, channel + samples, [](float v) { return v == 0; });
    if (empty || (!keep.empty() && keep[c] == 0)) continue;
    std::vector<float>& lead = chosen.leads.emplace_back(channel, channel + samples);
    for (float& value : lead) value /= scale;
    chosen.info.leads.push_back(preparation.leads[c]);
  }
  return MeasureChosen(std::move(chosen));
}

}  // namespace ecg::infer
