#include "ecg/infer/criteria.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "ecg/dsp/measure/delineate.h"
#include "ecg/record/leads.h"

namespace ecg::infer {
namespace {

using dsp::Criterion;
using Lead = std::vector<double>;  // mV

constexpr std::array<std::pair<const char*, Criterion>, 18> kOfClasses = {{
    {"Brady", Criterion::kSlowRate},
    {"SB", Criterion::kSlowRate},
    {"STach", Criterion::kFastRate},
    {"IAVB", Criterion::kLongPr},
    {"LPR", Criterion::kLongPr},
    {"LBBB", Criterion::kWideQrs},
    {"NSIVCB", Criterion::kWideQrs},
    {"LQT", Criterion::kLongQt},
    {"LAD", Criterion::kLeftAxis},
    {"LAnFB", Criterion::kLeftAxis},
    {"RAD", Criterion::kRightAxis},
    {"LQRSV", Criterion::kLowVoltage},
    {"PRWP", Criterion::kPoorR},
    {"TInv", Criterion::kInvertedT},
    {"TAb", Criterion::kInvertedT},
    {"QAb", Criterion::kDeepQ},
    {"PAC", Criterion::kEarlyBeat},
    {"PVC", Criterion::kVentricularBeat},
}};

std::vector<Lead> LeadsOf(const record::EcgRecord& record) {
  std::vector<Lead> leads;
  for (const std::vector<float>& lead : record.leads) leads.emplace_back(lead.begin(), lead.end());
  return leads;
}

}  // namespace

std::vector<model::ClassCriterion> CriteriaOf(
    const std::vector<challenge::DiagnosisClass>& classes) {
  std::vector<model::ClassCriterion> criteria(classes.size());
  for (std::size_t k = 0; k < classes.size(); ++k) {
    for (const auto& [abbreviation, criterion] : kOfClasses) {
      if (classes[k].abbreviation == abbreviation) criteria[k].criterion = criterion;
    }
  }
  return criteria;
}

Measured MeasurePrepared(const data::SignalView& signal, const data::PreprocessConfig& preparation,
                         const std::vector<std::uint8_t>& keep) {
  const double rate = preparation.sampling_rate;
  const auto scale = static_cast<float>(preparation.units_per_mv);
  const std::size_t samples =
      std::min(signal.samples, static_cast<std::size_t>(kMeasuredSeconds * rate));
  record::EcgRecord record;
  for (std::size_t c = 0; c < preparation.LeadCount(); ++c) {
    const float* channel = signal.Channel(c);
    const bool empty = std::all_of(channel, channel + samples, [](float v) { return v == 0; });
    if (empty || (!keep.empty() && keep[c] == 0)) continue;
    std::vector<float>& lead = record.leads.emplace_back(channel, channel + samples);
    for (float& value : lead) value /= scale;
    record.info.leads.push_back(preparation.leads[c]);
  }
  const std::vector<Lead> leads = LeadsOf(record);
  const std::vector<dsp::Beat> beats = dsp::DelineateRecord(leads, rate).common;
  const dsp::TypedBeats typed = dsp::TypeBeats(leads, beats, rate);
  record::DeriveLimbLeads(record);
  Measured measured{record.info.leads,
                    dsp::Measure(record.info.leads, LeadsOf(record), beats, typed, rate)};
  measured.values.median.leads.clear();  // what is held until the network has answered stays small
  return measured;
}

std::vector<double> ExcessOf(const Measured& measured,
                             const std::vector<model::ClassCriterion>& criteria) {
  std::vector<double> excess;
  for (const model::ClassCriterion& entry : criteria) {
    excess.push_back(dsp::Excess(entry.criterion, measured.leads, measured.values));
  }
  return excess;
}

void ApplyCriteria(const std::vector<model::ClassCriterion>& criteria,
                   const std::vector<double>& excess, std::vector<float>& probabilities) {
  for (std::size_t i = 0; !criteria.empty() && i < probabilities.size(); ++i) {
    const model::ClassCriterion& entry = criteria[i % criteria.size()];
    if (entry.criterion == Criterion::kNone) continue;
    probabilities[i] = entry.map.Apply(probabilities[i], excess[i]);
  }
}

}  // namespace ecg::infer
