// Textbook criteria for a diagnosis: how far what is measured lies beyond the limit.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/dsp/measure/measure.h"

namespace ecg::dsp {

// The limits are those of the AHA/ACCF/HRS recommendations (2009, part III,
// doi:10.1161/CIRCULATIONAHA.108.191095, and IV, .191096) and of the textbooks; what counts as one
// step beyond is ours: about what two readers differ by.
enum class Criterion {
  kNone,
  kSlowRate,    // below 60 beats per minute; a step: 10
  kFastRate,    // above 100; 15
  kLongPr,      // above 200 ms; 40
  kWideQrs,     // above 115 ms; 15
  kLongQt,      // QTc (Fridericia) above 450 ms; 30
  kLeftAxis,    // of QRS, left of -30 degrees; 30
  kRightAxis,   // right of 90 degrees; 30
  kLowVoltage,  // no limb lead's complex higher than 0.5 mV from peak to peak; 0.25
  kPoorR,       // R in V3 below 0.3 mV; 0.3
  kInvertedT,   // in I, II, V4, V5 or V6, below zero; 0.1 mV
  kDeepQ,       // in I, II, aVF, V4, V5 or V6, a quarter of the complex's height; 0.15
  kEarlyBeat,   // of the usual shape; limit and steps: BeatEvidence
  kVentricularBeat,
  kMeasurements,  // all that is measured, by a regression that comes with a model
};

// Their names in files, as in "long_qt".
const EnumTable<Criterion>& CriterionNames();

// The unit of its limit: "1/min", "ms", "degrees" or "mV"; empty where it has no limit of one.
const char* UnitOf(Criterion criterion);

// What Excess gives where the measure is `value`, in that unit; NaN where there is none.
double ExcessAt(Criterion criterion, double value);

// In steps: 0 at the limit, positive beyond it. NaN where it cannot be told: kNone, kMeasurements
// (see model::ScoresOf), no beat, no P wave, a lead that is not there. `names` are those of
// measured.leads.
double Excess(Criterion criterion, const std::vector<std::string>& names,
              const Measurements& measured);

}  // namespace ecg::dsp
