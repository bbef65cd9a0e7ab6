// When the chambers are activated.
#pragma once

#include <limits>
#include <vector>

#include "ecg/core/random.h"
#include "src/data/sim/findings.h"
#include "src/data/sim/patient.h"

namespace ecg::sim {

enum class BeatKind {
  kSupraventricular,  // through the bundle branches: sinus, junctional, AF, flutter
  kAtrialPremature,
  kVentricularPremature,
  kPaced,
};

inline constexpr double kNever = std::numeric_limits<double>::quiet_NaN();

// Times are seconds from the start of the record; beats reach a little beyond both its ends.
struct Beat {
  BeatKind kind = BeatKind::kSupraventricular;
  double p_onset = kNever;
  double qrs_onset = 0;
  double rr = 1;  // to the QRS before it
};

struct LoneP {
  double onset = 0;
  bool retrograde = false;  // up from the AV node
};

struct Rhythm {
  std::vector<Beat> beats;    // in order of time
  std::vector<LoneP> lone_p;  // P waves that no QRS follows in its turn
  double flutter_period = 0;  // s; 0 = no flutter
  double flutter_start = 0;   // s, of one flutter wave
};

Rhythm DrawRhythm(const Findings& findings, const Patient& patient, double duration, Rng& rng);

}  // namespace ecg::sim
