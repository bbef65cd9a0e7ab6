// What says whether a repeatable wave of several leads is P.
#pragma once

#include <array>
#include <vector>

#include "src/dsp/robust/p_template.h"
#include "src/dsp/robust/rhythm.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// The figures of a record, or the weight of each.
struct PEvidence {
  double likeness = 0;      // Fisher's z of how alike the beats' waves are
  double clearness = 0;     // ln(beats x signal to noise)
  double irregularity = 0;  // ln of the rhythm's irregularity
  double height = 0;        // ln of the mean's height in mV
  double nearness = 0;      // s that P lies nearer than 0.1 s to the reference
  double fastness = 0;      // s that the interval between beats is shorter than 0.6 s
};
inline constexpr std::array<double PEvidence::*, 6> kPFigures = {
    &PEvidence::likeness, &PEvidence::clearness, &PEvidence::irregularity,
    &PEvidence::height,   &PEvidence::nearness,  &PEvidence::fastness};

// Of a logistic regression.
struct PWeights {
  double bias = 0;
  PEvidence weights;
};

// Above 0 where the wave is rather P.
double LogitOf(const PEvidence& evidence, const PWeights& weights);

// Energy of the mean over the variance between the beats, `usual` samples before the reference.
double SignalToNoise(const Template& average, int usual);

// What the beats have around the place where P would be, one below the other over all leads; beats
// that are ventricular or whose search does not reach that far are left out.
std::vector<Signal> ShapesOfP(const std::vector<Signal>& bumps,
                              const std::vector<Complex>& complexes,
                              const std::vector<bool>& ventricular,
                              const std::vector<Search>& searches, int usual, double fs);

PEvidence EvidenceOfP(const Template& average, const std::vector<Signal>& shapes, int usual,
                      const Rhythm& rhythm, double fs);

}  // namespace ecg::dsp::robust
