// How regularly a record's heart beats.
#pragma once

#include <vector>

#include "src/dsp/robust/complexes.h"

namespace ecg::dsp::robust {

struct Rhythm {
  std::vector<double> rr;  // s; rr[i] from beat i to i + 1
  double median = 0;       // s; of a record with a single beat what is usual
  // Median absolute change from one interval to the next, over the median; without those that a
  // ventricular beat ends or begins, if enough are left.
  double irregularity = 0;
};
Rhythm FindRhythm(const std::vector<Complex>& complexes, const std::vector<bool>& ventricular,
                  double fs);

// Beats whose interval to the one before is usual; all where these are few.
std::vector<bool> NormalBeats(const Rhythm& rhythm, const std::vector<bool>& ventricular);

}  // namespace ecg::dsp::robust
