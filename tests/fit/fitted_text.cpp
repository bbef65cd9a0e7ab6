#include "tests/fit/fitted_text.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace ecg::fit {
namespace {

using dsp::robust::Answers;
using dsp::robust::BoundRule;
using dsp::robust::PEvidence;
using dsp::robust::PWeights;

constexpr char kHead[] =
    R"(// What regressions found, as `fit_delineator` (tests/fit) prints it. Nothing here is set by hand;
// what is lies beside the code that uses it.
#pragma once

#include "src/dsp/robust/bounds.h"
#include "src/dsp/robust/p_evidence.h"

namespace ecg::dsp::robust {

// The bounds of waves: weights of own, joint, extremum, tangent, chord, tangents (see Answers), and
)";
constexpr char kBetween[] =
    R"(
// Whether several leads show P: the logit of a logistic regression that tells sinus rhythms from
// fibrillation and flutter by what the signal shows. The bias, and the weights of likeness,
// clearness, irregularity, height, nearness and fastness (see PEvidence). Fitted to the labels of
)";
constexpr char kTail[] = R"(
struct Fitted {
  BoundRules bounds = {{{kPOnset, kPOffset}, {kQrsOnset, kQrsOffset}, {kTOnset, kTOffset}}};
  PWeights p = kPWave;
};

}  // namespace ecg::dsp::robust
)";

std::string Number(double value, int decimals) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string Join(const std::string& list, const std::string& more) {
  return list.empty() ? more : list + ", " + more;
}

std::string RuleText(const char* name, const BoundRule& rule) {
  std::string weights;
  for (double Answers::*const answer : dsp::robust::kAnswers) {
    const double weight = rule.weights.*answer;
    weights = Join(weights, weight == 0 ? "0" : Number(weight, 3));
  }
  return "inline constexpr BoundRule k" + std::string(name) + " = {{" + weights + "}, " +
         Number(rule.offset_s, 4) + "};\n";
}

// Four digits.
std::string Weight(double value) {
  const double size = std::abs(value);
  return Number(value, size < 10 ? 3 : size < 100 ? 2 : 1);
}

std::string PText(const PWeights& p) {
  std::string weights;
  for (double PEvidence::*const figure : dsp::robust::kPFigures) {
    weights = Join(weights, Weight(p.weights.*figure));
  }
  return "inline constexpr PWeights kPWave = {" + Weight(p.bias) + ", {" + weights + "}};\n";
}

// Of a rhythm, in per cent.
std::string Share(const RhythmTally& tally, Rhythm rhythm) {
  const auto k = static_cast<std::size_t>(rhythm);
  return Number(
      100 * static_cast<double>(tally.wrong[k]) / static_cast<double>(tally.recordings[k]), 1);
}

std::string Count(const RhythmTally& tally, Rhythm rhythm) {
  return std::to_string(tally.recordings[static_cast<std::size_t>(rhythm)]);
}

}  // namespace

std::string FittedText(const dsp::robust::Fitted& fitted, const Grounds& grounds) {
  const RhythmTally& r = grounds.rhythms;
  return kHead +
         ("// what is added in seconds. Fitted to the marks of " + std::to_string(grounds.marked)) +
         " recordings, lead by lead: least squares,\n"
         "// with errors beyond 30 ms counting linearly. An answer of weight 0 was not asked.\n" +
         RuleText("POnset", fitted.bounds[0].onset) + RuleText("POffset", fitted.bounds[0].offset) +
         RuleText("QrsOnset", fitted.bounds[1].onset) +
         RuleText("QrsOffset", fitted.bounds[1].offset) +
         RuleText("TOnset", fitted.bounds[2].onset) + RuleText("TOffset", fitted.bounds[2].offset) +
         kBetween + "// " + Count(r, Rhythm::kSinus) +
         " recordings of sinus rhythm (normal, fast, slow, irregular, with a long PR), " +
         Count(r, Rhythm::kFibrillation) + " of\n// fibrillation and " +
         Count(r, Rhythm::kFlutter) + " of flutter. Out of fold it leaves " +
         Share(r, Rhythm::kSinus) + " % of the sinus rhythms without any P\n// and gives P to " +
         Share(r, Rhythm::kFibrillation) + " % of the fibrillations and " +
         Share(r, Rhythm::kFlutter) + " % of the flutters.\n" + PText(fitted.p) + kTail;
}

}  // namespace ecg::fit
