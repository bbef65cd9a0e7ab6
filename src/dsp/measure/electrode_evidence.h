// How likely an exchange of electrodes is, by a median beat: shared with the program that fits it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/dsp/measure/electrodes.h"
#include "ecg/dsp/measure/measure.h"

namespace ecg::dsp {

// The leads that are looked at: I, II, III, V1 to V6.
inline constexpr std::size_t kBeatLeads = 9;
// Means over equal parts of a wave: three of P above the line between its ends, six of QRS, one of
// what lies between QRS and T, three of T; all but P above the level before QRS. In mV.
inline constexpr std::size_t kBeatParts = 13;
using LeadParts = std::array<float, kBeatParts>;

struct BeatSummary {
  std::array<LeadParts, kBeatLeads> leads{};
  // Whether there is a P wave, and a T wave; the heart's rate and the duration of QRS, around 0.
  std::array<float, 4> rest{};
};

// Nothing where a lead is neither there nor follows from others, with less than three beats or
// without QRS.
std::optional<BeatSummary> Summarise(const std::vector<std::string>& names,
                                     const Measurements& measured, double rate);

// The exchanges that leave their marks in the leads but no lead empty: those before
// kRightArmGround.
inline constexpr std::size_t kExchanges = static_cast<std::size_t>(Exchange::kRightArmGround);

// Where a lead's samples lie after an exchange, and with which sign.
struct LeadSource {
  std::size_t lead = 0;
  float sign = 1;
};
using LeadSources = std::array<LeadSource, kBeatLeads>;

// Where each lead is found by which an exchange is undone.
const LeadSources& SourcesOf(Exchange exchange);

// The same beat with an exchange undone.
BeatSummary Undone(const BeatSummary& beat, Exchange exchange);

// What the network sees: the arcs whose hyperbolic sines are the parts in steps of 0.05 mV, lead by
// lead, and the rest.
inline constexpr std::size_t kBeatInputs = kBeatLeads * kBeatParts + 4;
using BeatInputs = std::array<float, kBeatInputs>;
BeatInputs InputsOf(const BeatSummary& beat);

// Two layers of rectified linear units and a linear one.
inline constexpr std::size_t kFirstUnits = 48;
inline constexpr std::size_t kSecondUnits = 16;
struct ElectrodeWeights {
  std::array<std::array<float, kFirstUnits>, kBeatInputs> first;
  std::array<float, kFirstUnits> first_bias;
  std::array<std::array<float, kSecondUnits>, kFirstUnits> second;
  std::array<float, kSecondUnits> second_bias;
  std::array<float, kSecondUnits> last;
};

// How much like a heart's a beat looks; differences are logarithms of odds.
float LikenessOf(const BeatInputs& inputs, const ElectrodeWeights& weights);

// For each exchange by how much its undoing makes the beat look more like a heart's; 0 for kNone.
std::array<float, kExchanges> EvidenceOf(const BeatSummary& beat, const ElectrodeWeights& weights);

// The weights of the library, in the order of the members above, and how much evidence each
// exchange needs, in thousandths.
inline constexpr std::size_t kWeights = sizeof(ElectrodeWeights) / sizeof(float);
extern const std::array<std::int16_t, kWeights> kElectrodeWeights;
extern const std::array<std::int16_t, kExchanges> kEvidenceNeeded;

// The same as they are computed with.
const ElectrodeWeights& OwnWeights();
const std::array<float, kExchanges>& OwnNeeds();

// The exchange whose evidence exceeds most what is needed, 0 for kNone: the rarer one is in a
// recording that looks right, the more it takes, also against another one.
Exchange MostLikely(const std::array<float, kExchanges>& evidence,
                    const std::array<float, kExchanges>& needed);

}  // namespace ecg::dsp
