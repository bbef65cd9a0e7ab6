// What regressions found, in the form in which `fit_delineator` (tests/fit) prints this file.
// Nothing here is set by hand; what is lies beside the code that uses it. These constants are older
// than the program: tests/fit/README.md says how near to them it comes.
#pragma once

#include "src/dsp/robust/bounds.h"
#include "src/dsp/robust/p_evidence.h"

namespace ecg::dsp::robust {

// The bounds of waves: weights of own, joint, extremum, tangent, chord, tangents (see Answers), and
// what is added in seconds. Fitted to the marks of 100 LUDB records, lead by lead: least squares,
// with errors beyond 30 ms counting linearly. An answer of weight 0 was not asked.
inline constexpr BoundRule kPOnset = {{0.078, 0.345, 0.111, -0.030, 0.419, 0}, 0.0064};
inline constexpr BoundRule kPOffset = {{0.139, 0.128, 0.146, 0.224, 0.252, 0}, 0.0036};
inline constexpr BoundRule kQrsOnset = {{0.241, 0, 0, 0, 0, 0.845}, 0.0193};
inline constexpr BoundRule kQrsOffset = {{0.170, 0.471, 0, 0, 0.184, 0}, 0.0095};
inline constexpr BoundRule kTOnset = {{0.200, 0.021, 0.345, 0.302, 0.033, 0}, 0.0467};
inline constexpr BoundRule kTOffset = {{0.098, 0.033, 0.021, 0.013, 0.214, 0}, 0.0489};

// Whether several leads show P: the logit of a logistic regression that tells sinus rhythms from
// fibrillation and flutter by what the signal shows. The bias, and the weights of likeness,
// clearness, irregularity, height, nearness and fastness (see PEvidence). Fitted to the labels of
// 6,272 recordings of sinus rhythm (normal, fast, slow, irregular, with a long PR), 484 of
// fibrillation and 25 of flutter, from seven sources, eight or twelve leads each. Of others it
// refuses 1.2 % of 3,909 sinus rhythms and accepts 3.0 % of 305 fibrillations, 3 of 17 flutters.
inline constexpr PWeights kPWave = {-1.006, {2.007, 0.543, -0.690, 1.219, -127.0, -18.03}};

struct Fitted {
  BoundRules bounds = {{{kPOnset, kPOffset}, {kQrsOnset, kQrsOffset}, {kTOnset, kTOffset}}};
  PWeights p = kPWave;
};

}  // namespace ecg::dsp::robust
