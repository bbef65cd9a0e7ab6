// The robust delineator, whole and in the steps that are shared with what fits it. All of them see
// several leads of one record at once; one lead is the same with a single element.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/dsp/beats.h"
#include "src/dsp/robust/complexes.h"
#include "src/dsp/robust/fitted.h"
#include "src/dsp/robust/p_wave.h"
#include "src/dsp/robust/rhythm.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// The leads of a record that show heartbeats, as the search wants them.
struct Prepared {
  double rate = 0;                  // Hz, 1000 or a little more at most
  int group = 1;                    // samples of the record for one of these
  std::vector<Signal> leads;        // cleaned
  std::vector<Signal> fine;         // with less smoothing, as cleaning levels a narrow r
  std::vector<std::size_t> origin;  // leads[j] is the record's lead origin[j]
  std::vector<int> qrs;             // the middles of the complexes
};
// Leads in mV at `fs` Hz; those shorter than the longest are left out.
Prepared Prepare(const std::vector<Signal>& leads, double fs);

// A record on the way to its beats: all that P waves are decided by.
struct Outline {
  std::vector<Complex> complexes;
  std::vector<Signal> between;  // the leads without complexes
  Rhythm rhythm;
  std::vector<int> t_peaks;  // of each beat
  PCandidate p;
};
Outline MakeOutline(const std::vector<Signal>& leads, const std::vector<int>& qrs, double fs);

// The beats of an outline: peaks of P and T of the record, R, Q and S of each lead and of the
// record. `fine` is as in Prepared. QRS is bounded by its complex, P and T are not.
RecordBeats MarkPeaks(const Outline& outline, const std::vector<Signal>& leads,
                      const std::vector<Signal>& fine, const PWeights& weights, double fs);

// All of it, from leads whose complexes are known.
RecordBeats DelineateComplexes(const std::vector<Signal>& leads, const std::vector<Signal>& fine,
                               const std::vector<int>& qrs, const Fitted& fitted, double fs);

// DelineateRecord with any weights.
RecordBeats DelineateWith(const Fitted& fitted, const std::vector<Signal>& leads, double fs);

// Samples that are averaged to one before anything else, at a rate beyond which the search gains
// nothing.
std::size_t GroupAt(double fs);

}  // namespace ecg::dsp::robust
