// Where T waves peak.
#pragma once

#include <vector>

#include "src/dsp/robust/complexes.h"
#include "src/dsp/robust/rhythm.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// The peak of each beat's T in leads without complexes; kMissing where there is none.
std::vector<int> FindT(const std::vector<Signal>& between, const std::vector<Complex>& complexes,
                       const Rhythm& rhythm, double fs);

}  // namespace ecg::dsp::robust
