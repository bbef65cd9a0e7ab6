// Atrial activity that is not a P wave.
#pragma once

#include "ecg/core/random.h"
#include "src/data/sim/vector.h"

namespace ecg::sim {

// f waves of atrial fibrillation: a fundamental of 5 to 8 Hz that wanders in frequency and size,
// with harmonics (Stridh and Sornmo 2001, doi:10.1109/10.900266), largest in V1. `size` in mV.
void AddFibrillationWaves(double size, double rate, VectorCardiogram& vcg, Rng& rng);

// The sawtooth of typical flutter: slowly down and quickly up in II, III and aVF, positive in V1.
void AddFlutterWaves(double size, double period, double start, double rate, VectorCardiogram& vcg);

}  // namespace ecg::sim
