#include "ecg/data/prepare/teacher.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ecg/core/text.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/leads.h"

namespace ecg::data {

NamedLeads LeadsToDelineate(const record::EcgRecord& record,
                            const std::vector<std::string>& wanted) {
  NamedLeads chosen;
  const auto add = [&](const std::string& name, const float* lead) {
    const std::ptrdiff_t place =
        name == "II" ? 0 : static_cast<std::ptrdiff_t>(chosen.names.size());
    chosen.names.insert(chosen.names.begin() + place, name);
    chosen.leads.emplace(chosen.leads.begin() + place, lead, lead + record.info.samples);
  };
  for (std::size_t k = 0; k < record.info.leads.size(); ++k) {
    if (wanted.empty() || Contains(wanted, record.info.leads[k])) {
      add(record.info.leads[k], record.Lead(k));
    }
  }
  for (const std::string& name : wanted) {
    if (record::LeadIndex(record.info, name)) continue;
    const auto derivation = record::FindDerivation(record.info.leads, name);
    if (derivation) add(name, record::DerivedLead(record, *derivation).data());
  }
  return chosen;
}

std::vector<dsp::Peak> TeacherPeaks(const record::EcgRecord& record, dsp::Delineator method,
                                    double rate) {
  const double from = record.info.sampling_rate;
  const double last = std::ceil(static_cast<double>(record.info.samples) * rate / from) - 1;
  std::vector<dsp::Peak> peaks =
      dsp::PeaksOf(dsp::TeacherBeats(LeadsToDelineate(record, {}).leads, from, method));
  for (dsp::Peak& peak : peaks) {
    peak.sample = static_cast<std::int32_t>(std::min(last, std::round(peak.sample * rate / from)));
  }
  return peaks;
}

double BytesToTeach(const record::EcgInfo& info, dsp::Delineator method) {
  const double copies =
      static_cast<double>(info.leads.size()) * sizeof(double) * static_cast<double>(info.samples);
  return copies +
         dsp::BytesToDelineate(info.leads.size(), info.samples, info.sampling_rate, method);
}

}  // namespace ecg::data
