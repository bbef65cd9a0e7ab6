// A rhythm's beats as waves of the heart vector, with their fiducial points.
#pragma once

#include <vector>

#include "ecg/core/random.h"
#include "ecg/data/sim/simulator.h"
#include "src/data/sim/patient.h"
#include "src/data/sim/rhythm.h"
#include "src/data/sim/vector.h"

namespace ecg::sim {

// Seconds at an RR interval of `rr`, by Fridericia's formula.
double QtInterval(const Patient& patient, bool ventricular, double rr);

// Adds all P, QRS and T waves to the vector and tells where they are.
std::vector<BeatTruth> AddBeats(const Patient& patient, const Rhythm& rhythm, double rate,
                                VectorCardiogram& vcg, Rng& rng);

}  // namespace ecg::sim
