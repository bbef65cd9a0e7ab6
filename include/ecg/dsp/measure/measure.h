// What a reader of an ECG measures: intervals, axes, amplitudes.
#pragma once

#include <string>
#include <vector>

#include "ecg/dsp/measure/beat_type.h"
#include "ecg/dsp/measure/delineate.h"

namespace ecg::dsp {

// In mV, against the level just before the QRS complex, in the median beat; NaN where a wave is not
// there.
struct Amplitudes {
  double p = 0, q = 0, r = 0, s = 0;
  double st = 0;  // 60 ms after the end of the complex
  double t = 0;
};

struct MedianBeat {
  int r = 0;       // sample of the R peak
  Wave p, qrs, t;  // the medians of the beats' own, around r; kMissing where less than half have it
  std::vector<std::vector<double>> leads;  // mV, [leads][samples]
};

// Seconds and degrees; NaN where it cannot be told. Intervals are medians over the beats.
struct Measurements {
  std::size_t beats = 0;
  std::vector<BeatType> types;  // of each beat; empty where they were not typed
  // The most that any beat has of the evidence for being early, or ventricular: see BeatEvidence.
  double early = 0, ventricular = 0;
  double rr = 0;
  double heart_rate = 0;  // beats per minute, of the median interval
  double p = 0;           // duration of the P wave
  double pr = 0;          // from the onset of P to that of QRS
  double qrs = 0;
  double qt = 0;
  // QT at a rate of 60 as Bazett, Fridericia, Framingham (Sagie 1992) and Hodges have it.
  double qtc_bazett = 0, qtc_fridericia = 0, qtc_framingham = 0, qtc_hodges = 0;
  // In the frontal plane, from the areas in I and II (0: to the left, 90: down), (-180, 180].
  double p_axis = 0, qrs_axis = 0, t_axis = 0;
  std::vector<Amplitudes> leads;  // of each lead
  MedianBeat median;
};

// `beats` is the record's common set, `typed` what TypeBeats says of it, or nothing; leads are in
// mV, [names][samples], of equal length. A beat counts in the median if its RR interval before is
// within a fifth of the median one and it is not ventricular, or all do.
Measurements Measure(const std::vector<std::string>& names,
                     const std::vector<std::vector<double>>& leads, const std::vector<Beat>& beats,
                     const TypedBeats& typed, double fs);

}  // namespace ecg::dsp
