// The steps of the robust delineator. All of them see several leads of one record at once; one lead
// is the same with a single element. Leads are cleaned, in mV, and of equal length.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/dsp/delineate.h"

namespace ecg::dsp::robust {

using Signal = std::vector<double>;

// A duration in samples, at least one.
int Samples(double seconds, double fs);

double Quantile(std::vector<double> values, double q);

// How strongly the leads bend at about 20 Hz, averaged over 120 ms and over the leads, each lead
// relative to its own QRS complexes and weighted by how far these stand above its noise. 1 is a
// typical QRS complex. Leads without any activity are left out, and not named in `active`; empty
// where none is left.
Signal QrsActivity(const std::vector<Signal>& leads, double fs, std::vector<std::size_t>* active);

// The middle of each QRS complex, ascending.
std::vector<int> FindQrs(const Signal& activity, double fs);

// A QRS complex. The reference is the steepest bend of all leads together: it lies at the same
// point of every beat of the same shape, so beats are aligned on it.
struct Complex {
  int onset = 0;
  int reference = 0;
  int offset = 0;
};
std::vector<Complex> FindComplexes(const std::vector<Signal>& leads, const std::vector<int>& qrs,
                                   double fs);

// Where the R wave of one lead peaks inside a complex; where it has none, its lowest point.
int FindRWave(const Signal& lead, const Complex& complex, double fs);

// The beats of a record with P, R and T; every index in the order that Beat asks for.
std::vector<Beat> FindWaves(const std::vector<Signal>& leads, const std::vector<Complex>& complexes,
                            double fs);

// FindComplexes and FindWaves, and in each lead R, Q and S.
RecordBeats DelineateComplexes(const std::vector<Signal>& leads, const std::vector<int>& qrs,
                               double fs);

}  // namespace ecg::dsp::robust
