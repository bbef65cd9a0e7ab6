#include "src/dsp/measure/electrode_moves.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "ecg/record/leads.h"

namespace ecg::dsp {
namespace {

enum Electrode { kRightArm, kLeftArm, kLeftLeg, kNoElectrode };

// A limb lead is an electrode against another, or, where there is no other, against the mean of
// the other two: both are what they are by their electrodes alone.
struct LimbLead {
  const char* name;
  Electrode plus, minus;
};
constexpr LimbLead kLimbLeads[] = {
    {"I", kLeftArm, kRightArm},      {"II", kLeftLeg, kRightArm},
    {"III", kLeftLeg, kLeftArm},     {"aVR", kRightArm, kNoElectrode},
    {"aVL", kLeftArm, kNoElectrode}, {"aVF", kLeftLeg, kNoElectrode}};

// By whose cable the potential of each electrode's own place was recorded: of the right arm, the
// left arm, the left leg, and of nothing.
using Cables = std::array<Electrode, 4>;
Cables CablesOf(Exchange exchange) {
  switch (exchange) {
    case Exchange::kArms:
      return {kLeftArm, kRightArm, kLeftLeg, kNoElectrode};
    case Exchange::kLeftArmLeg:
      return {kRightArm, kLeftLeg, kLeftArm, kNoElectrode};
    case Exchange::kRightArmLeg:
      return {kLeftLeg, kLeftArm, kRightArm, kNoElectrode};
    case Exchange::kLimbsForward:
      return {kLeftLeg, kRightArm, kLeftArm, kNoElectrode};
    case Exchange::kLimbsBackward:
      return {kLeftArm, kLeftLeg, kRightArm, kNoElectrode};
    default:
      return {kRightArm, kLeftArm, kLeftLeg, kNoElectrode};
  }
}

LeadMove LimbMove(const Cables& cables, const LimbLead& lead) {
  const Electrode plus = cables[lead.plus], minus = cables[lead.minus];
  for (const LimbLead& other : kLimbLeads) {
    if (other.plus == plus && other.minus == minus) return {other.name, 1};
    if (other.plus == minus && other.minus == plus) return {other.name, -1};
  }
  return {lead.name, 1};
}

// The lead Vn that shows what belongs to V`chest`.
int ChestOf(Exchange exchange, int chest) {
  const auto pair = [&](int a, int b) { return chest == a ? b : chest == b ? a : chest; };
  switch (exchange) {
    case Exchange::kV1V2:
      return pair(1, 2);
    case Exchange::kV2V3:
      return pair(2, 3);
    case Exchange::kV3V4:
      return pair(3, 4);
    case Exchange::kV4V5:
      return pair(4, 5);
    case Exchange::kV5V6:
      return pair(5, 6);
    case Exchange::kV1V3:
      return pair(1, 3);
    case Exchange::kChestReversed:
      return 7 - chest;
    default:
      return chest;
  }
}

bool IsTurnedOver(Exchange exchange, int chest) {
  return static_cast<int>(exchange) == static_cast<int>(Exchange::kV1TurnedOver) + chest - 1;
}

}  // namespace

LeadMove MoveOf(Exchange exchange, std::string_view lead) {
  const std::string name(lead);
  if (exchange == Exchange::kTurnedOver) return {name, -1};
  const auto* limb = std::find_if(std::begin(kLimbLeads), std::end(kLimbLeads),
                                  [&](const LimbLead& one) { return lead == one.name; });
  if (limb != std::end(kLimbLeads)) return LimbMove(CablesOf(exchange), *limb);
  if (!record::IsStandardLead(lead)) return {name, 1};
  const int chest = name[1] - '0';
  return {"V" + std::to_string(ChestOf(exchange, chest)),
          IsTurnedOver(exchange, chest) ? -1.0F : 1.0F};
}

}  // namespace ecg::dsp
