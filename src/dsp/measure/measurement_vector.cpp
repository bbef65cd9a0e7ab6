#include "ecg/dsp/measure/measurement_vector.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ecg::dsp {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostEvidence = 3;  // which is far beyond any doubt
constexpr std::size_t kOfRecord = 14, kOfLead = 6;

}  // namespace

std::size_t MeasurementCount(std::size_t leads) { return kOfRecord + kOfLead * leads; }

std::vector<double> MeasurementVector(const std::vector<std::string>& leads,
                                      const std::vector<std::string>& names,
                                      const Measurements& measured) {
  std::vector<double> values = {measured.heart_rate, measured.p,  measured.pr,
                                measured.qrs,        measured.qt, measured.qtc_fridericia};
  for (const double axis : {measured.p_axis, measured.qrs_axis, measured.t_axis}) {
    const double radians = axis * M_PI / 180;
    values.insert(values.end(), {std::cos(radians), std::sin(radians)});
  }
  for (const double evidence : {measured.early, measured.ventricular}) {
    values.push_back(std::clamp(evidence, -kMostEvidence, kMostEvidence));
  }
  for (const std::string& lead : leads) {
    const auto found = std::find(names.begin(), names.end(), lead);
    if (found == names.end()) {
      values.insert(values.end(), kOfLead, kNaN);
      continue;
    }
    const Amplitudes& a = measured.leads[static_cast<std::size_t>(found - names.begin())];
    values.insert(values.end(), {a.p, a.q, a.r, a.s, a.st, a.t});
  }
  return values;
}

}  // namespace ecg::dsp
