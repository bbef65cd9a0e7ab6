// Where P waves peak, in a record that has any.
#pragma once

#include <vector>

#include "ecg/dsp/beats.h"
#include "src/dsp/robust/bumps.h"
#include "src/dsp/robust/complexes.h"
#include "src/dsp/robust/p_evidence.h"
#include "src/dsp/robust/p_template.h"
#include "src/dsp/robust/rhythm.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// The wave before the complexes that the beats share, whether it is P or not.
struct PCandidate {
  std::vector<Signal> bumps;     // of each lead, weighed
  std::vector<Search> searches;  // of each beat
  Template average;
  int usual = kMissing;  // samples that it peaks before the reference; kMissing where there is none
  PEvidence evidence;    // of several leads; nothing of a single one
};

// `between` are the leads without complexes, `t_peaks` those of the beats (see FindT).
PCandidate LookForP(const std::vector<Signal>& between, const std::vector<Complex>& complexes,
                    const std::vector<bool>& ventricular, const std::vector<int>& t_peaks,
                    const Rhythm& rhythm, double fs);

// Whether the candidate is P.
bool IsP(const PCandidate& candidate, const Rhythm& rhythm, const PWeights& weights);

// The peak of each beat's P, where the candidate is; kMissing where a beat has none.
std::vector<int> MarkP(const PCandidate& candidate, const std::vector<Complex>& complexes,
                       double fs);

}  // namespace ecg::dsp::robust
