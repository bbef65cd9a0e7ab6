// P and T waves are bumps: after the QRS complexes have been cut out, the leads' second difference
// at the width of the wave is greatest at its peak, whatever the wave's polarity. Where a wave lies
// relative to the complex is learned from all beats of the record; each beat's own wave is then
// looked for near that place.
#pragma once

#include <vector>

#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// How far each smoothed lead, all of one length, stands above the mean of its values `lag` before
// and after.
std::vector<Signal> Bumps(const std::vector<Signal>& leads, double smooth_s, double lag_s,
                          double fs);

// The sum of their squares over the leads, [samples]; what points down counts `negative` times.
Signal BumpEnergy(const std::vector<Signal>& leads, double smooth_s, double lag_s, double negative,
                  double fs);

// [first, last] of the samples where a wave is looked for; empty where last < first.
struct Search {
  int first = 0;
  int last = -1;
};

}  // namespace ecg::dsp::robust
