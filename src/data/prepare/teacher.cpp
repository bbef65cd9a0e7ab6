#include "ecg/data/prepare/teacher.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ecg/record/ecg_record.h"

namespace ecg::data {

NamedLeads LeadsToDelineate(const record::EcgRecord& record,
                            const std::vector<std::string>& wanted) {
  NamedLeads chosen;
  for (std::size_t k = 0; k < record.info.leads.size(); ++k) {
    const std::string& name = record.info.leads[k];
    if (!wanted.empty() && std::count(wanted.begin(), wanted.end(), name) == 0) continue;
    const std::ptrdiff_t place =
        name == "II" ? 0 : static_cast<std::ptrdiff_t>(chosen.names.size());
    chosen.names.insert(chosen.names.begin() + place, name);
    const float* lead = record.Lead(k);
    chosen.leads.emplace(chosen.leads.begin() + place, lead, lead + record.info.samples);
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

}  // namespace ecg::data
