// Where the waves of each heartbeat lie.
#pragma once

#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/dsp/beats.h"

namespace ecg::dsp {

enum class Delineator {
  kPeak,    // NeuroKit2's method "peak": troughs and prominent maxima around each R peak
  kDwt,     // NeuroKit2's method "dwt": zero crossings of a wavelet transform (Martinez et al.
            // 2004, doi:10.1109/TBME.2003.821031)
  kRobust,  // our own: see DelineateRecord
};

// Their names in settings and on command lines.
const EnumTable<Delineator>& DelineatorNames();

// The beats of one lead, in mV, in ascending order of their R peaks. Every index lies inside the
// signal, and within a wave onset <= peak <= offset. P < R < T and Q < R < S hold in every beat,
// but with NeuroKit2's methods an S can lie behind the T of a beat without S wave, or a Q before
// the P: see KeepOrder. Any signal is accepted (flat, short, with gaps); without a beat, or with a
// rate outside (0, 1 MHz], the result is empty.
std::vector<Beat> Delineate(const std::vector<double>& signal, double fs, Delineator method);

// The same for a lead that has been cleaned and whose R peaks (ascending) are known; kRobust takes
// them for the middles of the QRS complexes and marks the R peaks itself.
std::vector<Beat> DelineateAround(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                                  double fs, Delineator method);

// The robust delineator on leads of one record, [leads][samples], in mV, by any choice and order of
// leads. QRS complexes are found in the leads' joint activity, each lead weighted by how far its
// complexes stand above its noise; complexes are cut out; T and P are the strongest bumps of all
// leads near the place that the mean over the beats teaches. A record whose beats share no P wave
// (atrial fibrillation) gets none: a wave counts as P by how alike the beats' are, how clear, high
// and far from the complex, and by how regular the rhythm is. All indices are in order: P onset <=
// P < QRS onset <= Q < R < S <= QRS offset < T <= T offset < next P. Leads shorter than the longest
// are left out.
//
// Against the hand-made marks of all twelve leads of 100 LUDB records (Kalyakulina et al. 2020,
// doi:10.1109/ACCESS.2020.3029211), sensitivity / positive predictivity with P and T within 100 ms
// and R within 50 ms, the common set of twelve leads has P 0.9995/0.968, R 0.992/0.993,
// T 0.995/0.994, and the leads' own R marks 0.997/0.997. No single mark could have more R than
// 0.998: the annotators' marks of one beat lie more than 100 ms apart in some broad complexes. Lead
// by lead, detected minus marked, mean +- standard deviation in ms: P on 0 +- 16, P off 0 +- 14,
// QRS on -1 +- 11, QRS off 0 +- 12, T on 1 +- 26, T off 0 +- 25, with weights fitted to these
// marks; fitted to four fifths of the records and asked about the rest, at most 0.3 ms more.
RecordBeats DelineateRecord(const std::vector<std::vector<double>>& leads, double fs);

// One set of beats for a record by any method, in order as KeepOrder leaves it. NeuroKit2's methods
// know one lead only: they use the first lead that shows a beat, so the caller orders the leads by
// preference. On LUDB (as above) kDwt is best on II, P 0.969/0.849, R 0.970/0.974, T 0.808/0.841,
// and on V5, P 0.941/0.823, R 0.976/0.975, T 0.836/0.878; II is in every lead set.
std::vector<Beat> TeacherBeats(const std::vector<std::vector<double>>& leads, double fs,
                               Delineator method);

// The beats without what is out of order: of P, Q, R, S, T of the beats in turn, each must come
// after the one before. R peaks stay; a Q before its P, an S after its T, a T after the next R and
// a P before the last T go.
std::vector<Beat> KeepOrder(std::vector<Beat> beats);

// Bytes that delineating, typing and measuring leads of one record takes beside them; `samples` of
// each, at `rate` Hz.
double BytesToDelineate(std::size_t leads, std::size_t samples, double rate, Delineator method);

}  // namespace ecg::dsp
