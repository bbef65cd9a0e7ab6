// How well waves agree with reference marks, in the words of ANSI/AAMI EC57: sensitivity, positive
// predictivity, and the errors of what is marked of those that match.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "ecg/dsp/waves.h"
#include "ecg/score/bootstrap.h"
#include "ecg/score/peak_score.h"

namespace ecg::score {

// Largest distance between two peaks that match: QRS 150 ms, as EC57 has it; P and T 100 ms.
double WaveToleranceSeconds(dsp::WaveType type);

// Detected minus reference.
struct MarkErrors {
  std::size_t count = 0;
  double sum_ms = 0;
  double sum_of_squares = 0;
  std::size_t within = 0;  // not beyond the tolerance of the CSE working party

  void Add(double error_ms, double tolerance_ms);
  void Add(const MarkErrors& other);
  double Mean() const;               // ms; NaN without any
  double StandardDeviation() const;  // ms; NaN without any
  double ShareWithin() const;        // NaN without any
};

// Two standard deviations of the experts that marked the CSE database, in ms (The CSE Working
// Party, Eur Heart J 1985;6:815): P on 10.2, P off 12.7, QRS on 6.5, QRS off 11.6, T off 30.6.
// Infinity where they give none.
struct MarkTolerances {
  double onset = 0;
  double offset = 0;
};
MarkTolerances CseTolerances(dsp::WaveType type);

struct WaveTally {
  PeakTally peaks;
  MarkErrors onset, peak, offset;

  void Add(const WaveTally& other);
};
using WaveTallies = std::array<WaveTally, dsp::kWaveTypes>;

// One recording or lead; `rate` in Hz. Waves before the first and behind the last reference peak do
// not count, unless one of their own kind matches: nobody has looked there. Each reference wave in
// turn takes the nearest detected one that is still free.
WaveTallies CompareWaves(const dsp::Waves& reference, const dsp::Waves& detected, double rate);

// Gross figures over recordings, with 95 % intervals by the bootstrap over them.
struct WaveFigures {
  WaveTally tally;
  Interval sensitivity;
  Interval positive_predictivity;
};
std::array<WaveFigures, dsp::kWaveTypes> SumUp(const std::vector<WaveTallies>& recordings);

}  // namespace ecg::score
