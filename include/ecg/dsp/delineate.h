// Where the waves of each heartbeat lie.
#pragma once

#include <vector>

namespace ecg::dsp {

// A sample index that is not known.
inline constexpr int kMissing = -1;

struct Wave {
  int onset = kMissing;
  int peak = kMissing;
  int offset = kMissing;
};

// The fiducial points of one heartbeat, as sample indices. The R peak (qrs.peak) is always there.
struct Beat {
  Wave p;
  Wave qrs;
  int q = kMissing;
  int s = kMissing;
  Wave t;
};

enum class Delineator {
  kPeak,  // NeuroKit2's method "peak": troughs and prominent maxima around each R peak
  kDwt,   // NeuroKit2's method "dwt": zero crossings of a wavelet transform (Martinez et al. 2004)
};

// The beats of one lead (any unit, here mV) in ascending order of their R peaks. Every index lies
// inside the signal, and within a wave onset <= peak <= offset. P < R < T and Q < R < S hold in
// every beat, but as in NeuroKit2 an S can lie behind the T of a beat without S wave, or a Q before
// the P: see KeepOrder. Any signal is accepted; without a beat the result is empty.
std::vector<Beat> Delineate(const std::vector<double>& signal, double fs, Delineator method);

// The same for a lead that has been cleaned and whose R peaks (ascending) are known.
std::vector<Beat> DelineateAround(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                                  double fs, Delineator method);

// Drops what is out of order: of P, Q, R, S, T of the beats in turn, each must come after the one
// before. R peaks stay; a Q before its P, an S after its T and a P before the last T go.
void KeepOrder(std::vector<Beat>* beats);

}  // namespace ecg::dsp
