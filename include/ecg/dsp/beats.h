// The waves of heartbeats, as every delineator gives them.
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

// What all leads of a record say together.
struct RecordBeats {
  // One set for the record. P and T peak where the leads' bumps are strongest in their root mean
  // square; the R peak is the middle between the earliest and the latest tenth of the leads' own
  // R peaks, unless clearly more of the leads' summits lie near another place; Q and S are the
  // medians of those leads that show them. A wave begins with the earliest onset and ends with the
  // latest offset over the leads, as intervals are defined, if another lead shows it within 12 ms.
  std::vector<Beat> common;
  // The same beats in each lead: the peaks of P and T as in the common set (they are more exact
  // than what one lead alone shows), R, Q and S of the lead, and where its waves begin and end. R
  // is a summit that stands out, also a late one. A complex without such a one (QS, or r and r'
  // around a deep S) has its R where most of what might be marked lies within 50 ms, so not always
  // on a summit. A lead that says nothing repeats the common set.
  std::vector<std::vector<Beat>> leads;
};

}  // namespace ecg::dsp
