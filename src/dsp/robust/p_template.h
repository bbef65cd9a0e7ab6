// What the beats of a record have in common before their complexes.
#pragma once

#include <cstddef>
#include <vector>

#include "src/dsp/robust/bumps.h"
#include "src/dsp/robust/complexes.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// Mean and variance over the beats of each lead's bumps, d samples before the reference.
struct Template {
  std::vector<Signal> mean;      // [lead][d]
  std::vector<Signal> variance;  // [lead][d]
  std::vector<int> count;        // [d], beats
};

// Of the beats that are `normal`, each where it is searched, for d below `length`.
Template AverageBeforeR(const std::vector<Signal>& bumps, const std::vector<Complex>& complexes,
                        const std::vector<Search>& searches, const std::vector<bool>& normal,
                        int length);

// Lets quiet leads count for more, so that noisy ones do not hide their P. The weights' mean square
// is 1, so a single lead stays as it is.
std::vector<double> LeadWeights(const Template& average);
Template Weighed(Template average, const std::vector<double>& weights);

// The mean's energy over the leads, d samples before the reference.
double EnergyAt(const Template& average, int d);

// Where P would peak before the reference in the mean over the beats, in samples; kMissing where
// too few of the `beats` say, or the mean shows next to nothing.
int UsualP(const Template& average, std::size_t beats, double fs);

}  // namespace ecg::dsp::robust
