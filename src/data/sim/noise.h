// What else a recorder picks up.
#pragma once

#include <vector>

#include "ecg/core/random.h"
#include "src/data/sim/sources.h"

namespace ecg::sim {

// Adds noise of a resting recording to eight leads (I, II, V1..V6; double [8][samples], mV). It
// arises at the nine electrodes, so that the leads share it as real ones do.
void AddNoise(const SourceProfile& source, double level, double rate,
              std::vector<std::vector<double>>& leads, Rng& rng);

// The recorder's own filters, without phase shift.
void ApplyFilters(const SourceProfile& source, double rate, std::vector<std::vector<double>>& leads,
                  Rng& rng);

}  // namespace ecg::sim
