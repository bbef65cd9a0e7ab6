// When the heart beats in the course of a day.
#pragma once

#include <vector>

#include "ecg/core/random.h"
#include "ecg/data/sim/day.h"
#include "src/data/sim/patient.h"
#include "src/data/sim/rhythm.h"

namespace ecg::sim {

struct TimeSpan {
  double from = 0, to = 0;  // s
};

struct DayRhythm {
  Rhythm rhythm;                       // of the whole day, in s from its start
  std::vector<TimeSpan> fibrillation;  // from the QRS onset of its first beat to that of the next
                                       // sinus beat
};

// Sinus rhythm, slowest at night, faster on three walks, in which the episodes lie at least a
// minute apart: fibrillation of half a minute to an hour, pauses of 2.2 to 4.5 s, runs of three to
// twelve ventricular beats, of four to thirty atrial ones.
DayRhythm DrawDay(const DayOptions& options, const Patient& patient, Rng& rng);

}  // namespace ecg::sim
