// One person's heart: rate, intervals and the shapes of the waves, all within the criteria of the
// findings and outside the criteria of those that are absent.
#pragma once

#include "ecg/core/random.h"
#include "src/data/sim/findings.h"
#include "src/data/sim/projection.h"
#include "src/data/sim/shapes.h"

namespace ecg::sim {

// How a population's bodies differ from others.
struct Body {
  double chest = 1;  // factor on the voltage of the chest leads
  double axis = 0;   // degrees by which the mean axis is steeper
};

struct Patient {
  double age = 60;
  bool male = false;
  LeadMatrix leads;

  double rate = 70;  // beats a minute, of the rhythm's regular beats
  double pr = 0.16;  // s, P onset to QRS onset
  double p_duration = 0.10;
  double qrs_duration = 0.09;
  double qtc = 0.41;  // s, corrected after Fridericia

  Shape p;
  Shape qrs;
  Shape t;
  Shape ventricular;  // QRS of ectopic or paced beats, and the T that follows it
  Shape ventricular_t;
  double ventricular_duration = 0.15;
  double atrial_size = 0.1;  // mV, of f or flutter waves
};

Patient DrawPatient(double age, bool male, const Body& body, const Findings& findings, Rng& rng);

}  // namespace ecg::sim
