// Recordings whose electrodes were exchanged, made from the electrodes' potentials: what mending is
// held against.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "ecg/dsp/measure/electrodes.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/leads.h"

namespace ecg::test {

// Potentials against the right arm's place: RA, LA, LL, RL (as LL, with a rest), V1 to V6.
using Potentials = std::array<std::vector<float>, 10>;
enum Place { kRa, kLa, kLl, kRl, kC1, kC2, kC3, kC4, kC5, kC6 };

inline Potentials PotentialsOf(const record::EcgRecord& record) {
  Potentials places;
  const auto lead = [&](const char* name) -> const std::vector<float>& {
    return record.leads[*record::LeadIndex(record.info, name)];
  };
  const std::vector<float>&one = lead("I"), &two = lead("II");
  places[kRa].assign(one.size(), 0);
  places[kLa] = one;
  places[kLl] = two;
  places[kRl] = two;
  for (std::size_t i = 0; i < two.size(); ++i) places[kRl][i] += 0.01F * one[i];
  for (int k = 1; k <= 6; ++k) {
    std::vector<float>& chest = places[static_cast<std::size_t>(kC1 + k - 1)];
    chest = lead(("V" + std::to_string(k)).c_str());
    for (std::size_t i = 0; i < chest.size(); ++i) chest[i] += (one[i] + two[i]) / 3;
  }
  return places;
}

// Where each cable's electrode lies.
using Cables = std::array<Place, 10>;

// The twelve leads, or those that are named, of cables that lie so.
inline record::EcgRecord LeadsOf(const Potentials& places, const Cables& cables,
                                 const record::EcgRecord& like) {
  record::EcgRecord record;
  record.info = like.info;
  const auto at = [&](Place cable, std::size_t i) { return places[cables[cable]][i]; };
  for (const std::string& name : record.info.leads) {
    std::vector<float>& lead = record.leads.emplace_back(places[kRa].size());
    for (std::size_t i = 0; i < lead.size(); ++i) {
      const float ra = at(kRa, i), la = at(kLa, i), ll = at(kLl, i), mean = (ra + la + ll) / 3;
      if (name == "I") lead[i] = la - ra;
      if (name == "II") lead[i] = ll - ra;
      if (name == "III") lead[i] = ll - la;
      if (name == "aVR") lead[i] = ra - (la + ll) / 2;
      if (name == "aVL") lead[i] = la - (ra + ll) / 2;
      if (name == "aVF") lead[i] = ll - (ra + la) / 2;
      if (name[0] == 'V') lead[i] = at(static_cast<Place>(kC1 + name[1] - '1'), i) - mean;
    }
  }
  return record;
}

inline Cables CablesWith(dsp::Exchange exchange) {
  using dsp::Exchange;
  Cables cables = {kRa, kLa, kLl, kRl, kC1, kC2, kC3, kC4, kC5, kC6};
  const auto swap = [&](Place a, Place b) { std::swap(cables[a], cables[b]); };
  switch (exchange) {
    case Exchange::kArms:
      swap(kRa, kLa);
      break;
    case Exchange::kLeftArmLeg:
      swap(kLa, kLl);
      break;
    case Exchange::kRightArmLeg:
      swap(kRa, kLl);
      break;
    case Exchange::kLimbsForward:
      cables[kRa] = kLa;
      cables[kLa] = kLl;
      cables[kLl] = kRa;
      break;
    case Exchange::kLimbsBackward:
      cables[kRa] = kLl;
      cables[kLa] = kRa;
      cables[kLl] = kLa;
      break;
    case Exchange::kV1V2:
      swap(kC1, kC2);
      break;
    case Exchange::kV2V3:
      swap(kC2, kC3);
      break;
    case Exchange::kV3V4:
      swap(kC3, kC4);
      break;
    case Exchange::kV4V5:
      swap(kC4, kC5);
      break;
    case Exchange::kV5V6:
      swap(kC5, kC6);
      break;
    case Exchange::kV1V3:
      swap(kC1, kC3);
      break;
    case Exchange::kChestReversed:
      swap(kC1, kC6);
      swap(kC2, kC5);
      swap(kC3, kC4);
      break;
    case Exchange::kRightArmGround:
      swap(kRa, kRl);
      break;
    case Exchange::kLeftArmGround:
      swap(kLa, kRl);
      break;
    case Exchange::kArmsLegs:
      swap(kRa, kRl);
      swap(kLa, kLl);
      break;
    default:
      break;
  }
  return cables;
}

inline record::EcgRecord WithExchange(const record::EcgRecord& record, dsp::Exchange exchange) {
  record::EcgRecord shown = LeadsOf(PotentialsOf(record), CablesWith(exchange), record);
  const int turned =
      static_cast<int>(exchange) - static_cast<int>(dsp::Exchange::kV1TurnedOver) + 1;
  for (std::size_t k = 0; k < shown.leads.size(); ++k) {
    const bool is_turned =
        exchange == dsp::Exchange::kTurnedOver ||
        (turned >= 1 && turned <= 6 && shown.info.leads[k] == "V" + std::to_string(turned));
    if (!is_turned) continue;
    for (float& value : shown.leads[k]) value = -value;
  }
  return shown;
}

}  // namespace ecg::test
