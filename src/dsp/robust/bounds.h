// Where the waves of a record begin and end, lead by lead and for all leads together.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "ecg/dsp/beats.h"
#include "ecg/dsp/waves.h"
#include "src/dsp/robust/bound_answers.h"
#include "src/dsp/robust/complexes.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// How the answers are weighed; what is added, in seconds.
struct BoundRule {
  Answers weights;
  double offset_s = 0;
};
struct WaveRules {
  BoundRule onset;
  BoundRule offset;
};
using BoundRules = std::array<WaveRules, kWaveTypes>;  // by WaveType

// A wave of a beat whose bounds are looked for.
struct BeatSearch {
  std::size_t beat = 0;
  WaveType type = WaveType::kP;
  WaveSearch search;
};

// Of all waves whose peaks the beats know, in order of time; `samples` is a lead's length.
std::vector<BeatSearch> SearchesOfBounds(const std::vector<Complex>& complexes,
                                         const std::vector<Beat>& beats, int samples);

// The leads of a record as its waves are looked for in them.
struct Views {
  const std::vector<Signal>& leads;    // complexes are bounded in these
  const std::vector<Signal>& between;  // without complexes: P and T are bounded in these

  const std::vector<Signal>& Of(WaveType type) const {
    return type == WaveType::kQrs ? leads : between;
  }
};

// The beats with onsets and offsets of the waves whose peaks are known: in each lead by what it
// shows; in the common set the earliest onset and the latest offset that another lead confirms.
// Every index comes out in the order that Beat asks for.
RecordBeats BoundBeats(RecordBeats beats, const Views& views, const std::vector<Complex>& complexes,
                       const BoundRules& rules, double fs);

}  // namespace ecg::dsp::robust
