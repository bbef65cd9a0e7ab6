// The steps of the robust delineator. All of them see several leads of one record at once; one lead
// is the same with a single element. Leads are cleaned, in mV, and of equal length.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/dsp/beats.h"

namespace ecg::dsp::robust {

using Signal = std::vector<double>;

inline double& At(Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline double At(const Signal& x, int i) { return x[static_cast<std::size_t>(i)]; }
inline int Size(const Signal& x) { return static_cast<int>(x.size()); }

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
  // Where R may lie: the core of [onset, offset], without a P wave, pacing spike or T wave that the
  // bounds took in.
  int first = 0;
  int last = 0;
};
std::vector<Complex> FindComplexes(const std::vector<Signal>& leads, const std::vector<int>& qrs,
                                   double fs);

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

// The weight of the evidence within about 50 ms of a place.
double Support(const std::vector<Evidence>& evidence, int place, double fs);

// The place of most support between first and last, nearest to the reference among equals; but
// `preferred` if that has almost as much.
int BestSupported(const std::vector<Evidence>& evidence, const Complex& complex, int preferred,
                  double fs);

// The leads with straight lines in place of the complexes and what little of them lies beyond their
// bounds.
std::vector<Signal> WithoutComplexes(const std::vector<Signal>& leads,
                                     const std::vector<Complex>& complexes, double fs);

// Which complexes are broad and of another shape than most. They say nothing of the rhythm of the
// atria.
std::vector<bool> FindVentricular(const std::vector<Signal>& leads,
                                  const std::vector<Complex>& complexes, double fs);

// The beats of a record, with the peaks of P and T, in leads without complexes.
std::vector<Beat> FindWaves(const std::vector<Signal>& between,
                            const std::vector<Complex>& complexes,
                            const std::vector<bool>& ventricular, double fs);

// Onsets and offsets of the waves whose peaks are known: in each lead by what it shows; in the
// common set the earliest onset and the latest offset that another lead confirms. Every index comes
// out in the order that Beat asks for.
void BoundBeats(const std::vector<Signal>& leads, const std::vector<Signal>& between,
                const std::vector<Complex>& complexes, double fs, RecordBeats* beats);

// FindComplexes and FindWaves, and in each lead R, Q and S. R is looked for in `fine`: the same
// leads with less smoothing, as cleaning levels a narrow r.
RecordBeats DelineateComplexes(const std::vector<Signal>& leads, const std::vector<Signal>& fine,
                               const std::vector<int>& qrs, double fs);

}  // namespace ecg::dsp::robust
