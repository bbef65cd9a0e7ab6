// Where a wave begins and ends, as several simple rules have it. No single one is good in every
// shape. Each answer is a distance from the wave's peak (the middle of a complex) outwards.
#pragma once

#include <array>
#include <vector>

#include "ecg/dsp/waves.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// Samples, or the weight of each.
struct Answers {
  // Where the slope, of this lead or of all together, has fallen to a small share of its steepest.
  double own = 0, joint = 0;
  double extremum = 0;  // of this lead
  double tangent = 0;   // where its steepest tangent meets its level beyond the wave
  // Where it lies farthest from the line between its steepest point and the end of the search: the
  // corner of the wave.
  double chord = 0;
  double tangents = 0;  // the median over the leads of what their tangents say
};
inline constexpr std::array<double Answers::*, 6> kAnswers = {
    &Answers::own,     &Answers::joint, &Answers::extremum,
    &Answers::tangent, &Answers::chord, &Answers::tangents};

// A wave and how far its bounds may lie, as samples of the record.
struct WaveSearch {
  int first = 0;
  int peak = 0;
  int last = 0;
};

// One side of a wave.
struct SideAnswers {
  std::vector<Answers> leads;  // empty where nothing can be asked: the bound is the peak
  int most = 0;                // samples from the peak that the bound may lie
};
struct WaveAnswers {
  SideAnswers onset;
  SideAnswers offset;
};
WaveAnswers AskBounds(const std::vector<Signal>& leads, WaveSearch search, WaveType type,
                      double fs);

}  // namespace ecg::dsp::robust
