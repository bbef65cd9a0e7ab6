// QRS complexes: where they begin and end, which are ventricular, and the leads without them. Leads
// are cleaned, in mV, and of equal length.
#pragma once

#include <vector>

#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// The reference is the steepest bend of all leads together: it lies at the same point of every beat
// of the same shape, so beats are aligned on it.
struct Complex {
  int onset = 0;
  int reference = 0;
  int offset = 0;
  // Where R may lie: the core of [onset, offset], without a P wave, pacing spike or T wave that the
  // bounds took in.
  int first = 0;
  int last = 0;
};

// `qrs` are the middles of the complexes, ascending.
std::vector<Complex> FindComplexes(const std::vector<Signal>& leads, const std::vector<int>& qrs,
                                   double fs);

// Which complexes are broad and of another shape than most. They say nothing of the rhythm of the
// atria.
std::vector<bool> FindVentricular(const std::vector<Signal>& leads,
                                  const std::vector<Complex>& complexes, double fs);

// The leads with straight lines in place of the complexes and what little of them lies beyond their
// bounds.
std::vector<Signal> WithoutComplexes(const std::vector<Signal>& leads,
                                     const std::vector<Complex>& complexes, double fs);

}  // namespace ecg::dsp::robust
