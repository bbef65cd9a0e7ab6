// What is wrong (or right) with a simulated heart: a set of the 26 scored classes.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>

#include "ecg/core/random.h"

namespace ecg::sim {

// In the order of challenge::Classes2021().
enum Finding : std::size_t {
  kAF,
  kAFL,
  kBBB,
  kBrady,
  kLBBB,
  kRBBB,
  kIAVB,
  kIRBBB,
  kLAD,
  kLAnFB,
  kLPR,
  kLQRSV,
  kLQT,
  kNSIVCB,
  kNSR,
  kPAC,
  kPR,
  kPRWP,
  kPVC,
  kQAb,
  kRAD,
  kSA,
  kSB,
  kSTach,
  kTAb,
  kTInv,
  kFindingCount,
};
using Findings = std::bitset<kFindingCount>;

// The share of a source's patients that have each finding, whether the source labels it or not.
using Prevalence = std::array<double, kFindingCount>;

// One plausible combination: a rhythm, then what may stand beside it, so that every finding comes
// out as often as `prevalence` says wherever that is possible.
Findings DrawFindings(const Prevalence& prevalence, Rng& rng);

// The rhythm starts in the sinus node.
bool IsSinus(const Findings& findings);

}  // namespace ecg::sim
