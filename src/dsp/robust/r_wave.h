// Where R is marked in a QRS complex.
#pragma once

#include <vector>

#include "src/dsp/robust/complexes.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// A place that may be marked as R; the more likely, the greater the weight.
struct Evidence {
  int at = 0;
  double weight = 0;
};

// R in one lead: its mark, and all places that might have been marked, of weight 1 together.
struct RWave {
  int mark = 0;
  std::vector<Evidence> evidence;
};
RWave FindRWave(const Signal& lead, const Complex& complex, double fs);

// The place of most support between first and last, nearest to the reference among equals; but
// `preferred` if that has almost as much.
int BestSupported(const std::vector<Evidence>& evidence, const Complex& complex, int preferred,
                  double fs);

}  // namespace ecg::dsp::robust
