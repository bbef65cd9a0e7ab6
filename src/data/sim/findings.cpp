#include "src/data/sim/findings.h"

#include <algorithm>
#include <initializer_list>

namespace ecg::sim {
namespace {

// Exactly one of these, or none with what is left of the probability.
template <std::size_t N>
std::size_t DrawOne(const std::array<double, N>& weights, Rng& rng) {
  double at = rng.Uniform();
  for (std::size_t i = 0; i < N; ++i) {
    if (at < weights[i]) return i;
    at -= weights[i];
  }
  return N;
}

// The chance within a part of the patients that makes `share` of all of them.
double Within(double share, double part) { return part > 0 ? std::min(0.9, share / part) : 0.0; }

void DrawRhythm(const Prevalence& p, Findings& f, Rng& rng) {
  constexpr std::array<Finding, 6> kRhythms = {kSB, kSTach, kAF, kAFL, kPR, kBrady};
  std::array<double, kRhythms.size()> weights{};
  double total = 0;
  for (std::size_t i = 0; i < kRhythms.size(); ++i) total += weights[i] = p[kRhythms[i]];
  // At least a tenth keeps a plain sinus rhythm, however the counts of a source overlap.
  const double scale = std::min(1.0, 0.9 / std::max(total, 1e-9));
  for (double& weight : weights) weight *= scale;
  const std::size_t drawn = DrawOne(weights, rng);
  f.set(drawn < kRhythms.size() ? kRhythms[drawn] : kNSR);

  const double slow_sinus = 1.0 - scale * (total - p[kSB]);
  if ((f[kNSR] || f[kSB]) && rng.Chance(Within(p[kSA], slow_sinus))) f.set(kSA);
}

void DrawConduction(const Prevalence& p, Findings& f, Rng& rng) {
  if (f[kPR]) return;  // the ventricle is paced: its QRS says nothing of the bundle branches
  const double part = 1.0 - p[kPR];
  // An unspecified bundle branch block (BBB) is one of the two sides.
  const std::array<double, 4> weights = {Within(p[kLBBB] + 0.5 * p[kBBB], part),
                                         Within(p[kRBBB] + 0.5 * p[kBBB], part),
                                         Within(p[kIRBBB], part), Within(p[kNSIVCB], part)};
  constexpr std::array<Finding, 4> kBlocks = {kLBBB, kRBBB, kIRBBB, kNSIVCB};
  const std::size_t drawn = DrawOne(weights, rng);
  if (drawn < kBlocks.size()) f.set(kBlocks[drawn]);
  if (f[kLBBB] || f[kRBBB]) f.set(kBBB);
  // A left anterior block needs a conducting left bundle; with RBBB it is a bifascicular block.
  const bool fascicular = !f[kLBBB] && !f[kNSIVCB];
  if (fascicular && rng.Chance(Within(p[kLAnFB], part * (1.0 - weights[0] - weights[3])))) {
    f.set(kLAnFB);
    f.set(kLAD);
  }
}

void DrawAtrioventricular(const Prevalence& p, Findings& f, double sinus, Rng& rng) {
  if (!IsSinus(f)) return;
  const std::size_t drawn =
      DrawOne(std::array<double, 2>{Within(p[kIAVB], sinus), Within(p[kLPR], sinus)}, rng);
  if (drawn == 0) f.set(kIAVB);
  if (drawn == 1) f.set(kLPR);
}

void DrawMorphology(const Prevalence& p, Findings& f, Rng& rng) {
  if (f[kPR]) return;
  const double part = 1.0 - p[kPR];
  if (!f[kLAD]) {
    const double rest = part * (1.0 - p[kLAnFB]);
    const double left = std::max(0.0, p[kLAD] - p[kLAnFB]);
    // The criterion of RAD is not met by a left bundle branch block of the usual kind.
    const double right = f[kLBBB] ? 0.0 : p[kRAD];
    const std::size_t axis =
        DrawOne(std::array<double, 2>{Within(left, rest), Within(right, rest)}, rng);
    if (axis == 0) f.set(kLAD);
    if (axis == 1) f.set(kRAD);
  }
  // With a left bundle branch block neither Q waves nor the R progression nor the T wave can be
  // judged by their own criteria.
  if (!f[kLBBB]) {
    const double judged = part * (1.0 - p[kLBBB]);
    const std::size_t infarct =
        DrawOne(std::array<double, 2>{Within(p[kQAb], judged), Within(p[kPRWP], judged)}, rng);
    if (infarct == 0) f.set(kQAb);
    if (infarct == 1) f.set(kPRWP);
    const double other = std::max(0.0, p[kTAb] - p[kTInv]);
    const std::size_t wave =
        DrawOne(std::array<double, 2>{Within(p[kTInv], judged), Within(other, judged)}, rng);
    if (wave < 2) f.set(kTAb);
    if (wave == 0) f.set(kTInv);
  }
  if (rng.Chance(Within(p[kLQRSV], part))) f.set(kLQRSV);
  if (rng.Chance(Within(p[kLQT], part))) f.set(kLQT);
}

void DrawEctopy(const Prevalence& p, Findings& f, double sinus, Rng& rng) {
  if (IsSinus(f) && rng.Chance(Within(p[kPAC], sinus))) f.set(kPAC);
  if (!f[kPR] && !f[kAFL] && rng.Chance(Within(p[kPVC], 1.0 - p[kPR] - p[kAFL]))) f.set(kPVC);
}

}  // namespace

bool IsSinus(const Findings& f) { return f[kNSR] || f[kSB] || f[kSTach]; }

Findings DrawFindings(const Prevalence& p, Rng& rng) {
  Findings f;
  DrawRhythm(p, f, rng);
  const double sinus = std::max(0.1, 1.0 - p[kAF] - p[kAFL] - p[kPR] - p[kBrady]);
  DrawConduction(p, f, rng);
  DrawAtrioventricular(p, f, sinus, rng);
  DrawMorphology(p, f, rng);
  DrawEctopy(p, f, sinus, rng);
  return f;
}

}  // namespace ecg::sim
