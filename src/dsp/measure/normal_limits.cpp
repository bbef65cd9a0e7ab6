#include "ecg/dsp/measure/normal_limits.h"

#include <cmath>

namespace ecg::dsp {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kAdult = 18;
constexpr double kOldest = 1000;

constexpr char kRhythm[] = "AHA/ACCF/HRS 2009";
constexpr char kPartThree[] = "AHA/ACCF/HRS 2009, part III";
constexpr char kPartFour[] = "AHA/ACCF/HRS 2009, part IV";
constexpr char kPartFive[] = "AHA/ACCF/HRS 2009, part V";

// The one place where limits are written down. Children's rates and PR intervals depend on age in
// a way that no table of ours has: they get no verdict.
constexpr NormalLimits kLimits[] = {
    {"heart_rate_bpm", 60, 100, false, kAdult, kOldest, 'A', kRhythm},
    {"p_ms", kNone, 120, true, kAdult, kOldest, 'A', kPartFive},
    {"pr_ms", 120, 200, false, kAdult, kOldest, 'A', kPartThree},
    {"qrs_ms", kNone, 110, true, 16, kOldest, 'A', kPartThree},
    {"qrs_ms", kNone, 100, false, 4, 16, 'A', kPartThree},
    {"qrs_ms", kNone, 90, false, 0, 4, 'A', kPartThree},
    {"qtc_bazett_ms", 390, 460, true, kAdult, kOldest, 'F', kPartFour},
    {"qtc_bazett_ms", 390, 450, true, kAdult, kOldest, 'M', kPartFour},
    {"qtc_fridericia_ms", 390, 460, true, kAdult, kOldest, 'F', kPartFour},
    {"qtc_fridericia_ms", 390, 450, true, kAdult, kOldest, 'M', kPartFour},
    {"qtc_framingham_ms", 390, 460, true, kAdult, kOldest, 'F', kPartFour},
    {"qtc_framingham_ms", 390, 450, true, kAdult, kOldest, 'M', kPartFour},
    {"qtc_hodges_ms", 390, 460, true, kAdult, kOldest, 'F', kPartFour},
    {"qtc_hodges_ms", 390, 450, true, kAdult, kOldest, 'M', kPartFour},
    {"qrs_axis_degrees", -30, 90, false, kAdult, kOldest, 'A', kPartThree},
};

}  // namespace

// Where sex counts, the first of a measurement's rows has the wider limits.
const NormalLimits* FindNormalLimits(std::string_view measurement, std::optional<double> age,
                                     std::optional<char> sex) {
  const double years = age.value_or(kAdult);
  for (const NormalLimits& limits : kLimits) {
    if (measurement != limits.measurement) continue;
    if (!(years >= limits.youngest && years < limits.oldest)) continue;
    if (limits.sex == 'A' || !sex || *sex == limits.sex) return &limits;
  }
  return nullptr;
}

}  // namespace ecg::dsp
