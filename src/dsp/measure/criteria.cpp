#include "ecg/dsp/measure/criteria.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace ecg::dsp {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kOtherSide = -2;     // of an axis that points the other way
constexpr double kMostSteps = 3;      // of a beat, which is far beyond any doubt
constexpr double kLeastHeight = 0.1;  // mV, of a complex whose Q is judged

using Names = std::vector<std::string>;

// nullptr where the lead or its complex is not there.
const Amplitudes* Find(const Names& names, const Measurements& measured, const char* lead) {
  if (measured.median.qrs.onset == kMissing || measured.median.qrs.offset == kMissing) {
    return nullptr;
  }
  const auto found = std::find(names.begin(), names.end(), lead);
  return found == names.end() ? nullptr
                              : &measured.leads[static_cast<std::size_t>(found - names.begin())];
}

// A wave that is not there has no height.
double Height(double wave) { return std::isnan(wave) ? 0 : wave; }

double PeakToPeak(const Amplitudes& lead) {
  return Height(lead.r) - std::min(Height(lead.q), Height(lead.s));
}

// The largest of a figure over those of the leads that are there; NaN where none is.
template <typename Figure>
double Largest(std::initializer_list<const char*> leads, const Names& names,
               const Measurements& measured, const Figure& figure) {
  double largest = kNaN;
  for (const char* lead : leads) {
    const Amplitudes* amplitudes = Find(names, measured, lead);
    if (amplitudes != nullptr) largest = std::fmax(largest, figure(*amplitudes));
  }
  return largest;
}

}  // namespace

const EnumTable<Criterion>& CriterionNames() {
  static const EnumTable<Criterion> table{{"slow_rate", Criterion::kSlowRate},
                                          {"fast_rate", Criterion::kFastRate},
                                          {"long_pr", Criterion::kLongPr},
                                          {"wide_qrs", Criterion::kWideQrs},
                                          {"long_qt", Criterion::kLongQt},
                                          {"left_axis", Criterion::kLeftAxis},
                                          {"right_axis", Criterion::kRightAxis},
                                          {"low_voltage", Criterion::kLowVoltage},
                                          {"poor_r", Criterion::kPoorR},
                                          {"inverted_t", Criterion::kInvertedT},
                                          {"deep_q", Criterion::kDeepQ},
                                          {"early_beat", Criterion::kEarlyBeat},
                                          {"ventricular_beat", Criterion::kVentricularBeat},
                                          {"measurements", Criterion::kMeasurements}};
  return table;
}

const char* UnitOf(Criterion criterion) {
  switch (criterion) {
    case Criterion::kSlowRate:
    case Criterion::kFastRate:
      return "1/min";
    case Criterion::kLongPr:
    case Criterion::kWideQrs:
    case Criterion::kLongQt:
      return "ms";
    case Criterion::kLeftAxis:
    case Criterion::kRightAxis:
      return "degrees";
    case Criterion::kLowVoltage:
    case Criterion::kPoorR:
    case Criterion::kInvertedT:
      return "mV";
    case Criterion::kNone:
    case Criterion::kDeepQ:
    case Criterion::kEarlyBeat:
    case Criterion::kVentricularBeat:
    case Criterion::kMeasurements:
      break;
  }
  return "";
}

double ExcessAt(Criterion criterion, double value) {
  switch (criterion) {
    case Criterion::kSlowRate:
      return (60 - value) / 10;
    case Criterion::kFastRate:
      return (value - 100) / 15;
    case Criterion::kLongPr:
      return (value - 200) / 40;
    case Criterion::kWideQrs:
      return (value - 115) / 15;
    case Criterion::kLongQt:
      return (value - 450) / 30;
    case Criterion::kLeftAxis:
      return value > 150 ? kOtherSide : (-30 - value) / 30;
    case Criterion::kRightAxis:
      return value < -30 ? kOtherSide : (value - 90) / 30;
    case Criterion::kLowVoltage:
      return (0.5 - value) / 0.25;
    case Criterion::kPoorR:
      return (0.3 - value) / 0.3;
    case Criterion::kInvertedT:
      return -value / 0.1;
    case Criterion::kNone:
    case Criterion::kDeepQ:
    case Criterion::kEarlyBeat:
    case Criterion::kVentricularBeat:
    case Criterion::kMeasurements:
      break;
  }
  return kNaN;
}

double Excess(Criterion criterion, const Names& names, const Measurements& measured) {
  const auto at = [criterion](double value) { return ExcessAt(criterion, value); };
  constexpr double kMs = 1000;
  switch (criterion) {
    case Criterion::kNone:
    case Criterion::kMeasurements:
      break;
    case Criterion::kSlowRate:
    case Criterion::kFastRate:
      return at(measured.heart_rate);
    case Criterion::kLongPr:
      return at(kMs * measured.pr);
    case Criterion::kWideQrs:
      return at(kMs * measured.qrs);
    case Criterion::kLongQt:
      return at(kMs * measured.qtc_fridericia);
    case Criterion::kLeftAxis:
    case Criterion::kRightAxis:
      return at(measured.qrs_axis);
    case Criterion::kLowVoltage:
      return at(Largest({"I", "II", "III", "aVR", "aVL", "aVF"}, names, measured, PeakToPeak));
    case Criterion::kPoorR: {
      const Amplitudes* lead = Find(names, measured, "V3");
      return lead == nullptr ? kNaN : at(Height(lead->r));
    }
    case Criterion::kInvertedT:
      return at(-Largest({"I", "II", "V4", "V5", "V6"}, names, measured,
                         [](const Amplitudes& lead) { return -Height(lead.t); }));
    case Criterion::kDeepQ:
      return (Largest({"I", "II", "aVF", "V4", "V5", "V6"}, names, measured,
                      [](const Amplitudes& lead) {
                        return -Height(lead.q) / std::max(kLeastHeight, PeakToPeak(lead));
                      }) -
              0.25) /
             0.15;
    case Criterion::kEarlyBeat:
      return std::clamp(measured.early, -kMostSteps, kMostSteps);
    case Criterion::kVentricularBeat:
      return std::clamp(measured.ventricular, -kMostSteps, kMostSteps);
  }
  return kNaN;
}

}  // namespace ecg::dsp
