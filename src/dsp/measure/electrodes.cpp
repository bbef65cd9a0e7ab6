#include "ecg/dsp/measure/electrodes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "ecg/dsp/measure/quality.h"
#include "ecg/record/leads.h"
#include "src/dsp/measure/electrode_evidence.h"
#include "src/dsp/measure/electrode_moves.h"

namespace ecg::dsp {
namespace {

// A limb lead that spans less than this share of the widest is one between the legs. Of 19,524 real
// recordings three have such a lead.
constexpr double kNothingShown = 0.1;
// The others show a heart.
constexpr double kLeastShown = 0.1;  // mV

std::optional<double> SpanOf(const std::vector<std::string>& names, const MedianBeat& beat,
                             const char* lead) {
  const auto range = [](const std::vector<double>& values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return *high - *low;
  };
  const auto found = std::find(names.begin(), names.end(), lead);
  if (found != names.end())
    return range(beat.leads[static_cast<std::size_t>(found - names.begin())]);
  const auto derivation = record::FindDerivation(names, lead);
  if (!derivation) return std::nullopt;
  std::vector<double> made = beat.leads[derivation->first];
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i] = static_cast<double>(derivation->p) * made[i] +
              static_cast<double>(derivation->q) * beat.leads[derivation->second][i];
  }
  return range(made);
}

// The exchange with the right leg's electrode, by the limb lead that shows nothing.
Exchange FindGround(const std::vector<std::string>& names, const MedianBeat& beat) {
  constexpr std::pair<const char*, Exchange> kBetweenLegs[] = {{"I", Exchange::kArmsLegs},
                                                               {"II", Exchange::kRightArmGround},
                                                               {"III", Exchange::kLeftArmGround}};
  Exchange least = Exchange::kNone;
  double low = 0, high = 0;
  for (const auto& [lead, exchange] : kBetweenLegs) {
    const std::optional<double> span = SpanOf(names, beat, lead);
    if (!span) return Exchange::kNone;
    if (least == Exchange::kNone || *span < low) {
      least = exchange;
      low = *span;
    }
    high = std::max(high, *span);
  }
  return high > kLeastShown && low < kNothingShown * high ? least : Exchange::kNone;
}

// The samples that belong to each of `names`, [names][samples]; nothing where one has no source.
template <typename Samples>
std::optional<std::vector<Samples>> Mended(Exchange exchange, const std::vector<std::string>& names,
                                           const std::vector<Samples>& leads) {
  std::vector<Samples> mended;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const LeadMove move = MoveOf(exchange, names[k]);
    const auto found = std::find(names.begin(), names.end(), move.from);
    if (found != names.end()) {
      mended.push_back(leads[static_cast<std::size_t>(found - names.begin())]);
    } else if (const auto derivation = record::FindDerivation(names, move.from)) {
      const Samples &a = leads[derivation->first], &b = leads[derivation->second];
      mended.push_back(a);
      for (std::size_t i = 0; i < a.size(); ++i) {
        mended.back()[i] = derivation->p * a[i] + derivation->q * b[i];
      }
    } else {
      return std::nullopt;
    }
    if (move.sign < 0) {
      for (auto& value : mended.back()) value = -value;
    }
  }
  return mended;
}

}  // namespace

const EnumTable<Exchange>& ExchangeNames() {
  static const EnumTable<Exchange> table{
      {"none", Exchange::kNone},
      {"arms swapped", Exchange::kArms},
      {"left arm and left leg swapped", Exchange::kLeftArmLeg},
      {"right arm and left leg swapped", Exchange::kRightArmLeg},
      {"RA, LA, LL on left arm, left leg, right arm", Exchange::kLimbsForward},
      {"RA, LA, LL on left leg, right arm, left arm", Exchange::kLimbsBackward},
      {"V1 and V2 swapped", Exchange::kV1V2},
      {"V2 and V3 swapped", Exchange::kV2V3},
      {"V3 and V4 swapped", Exchange::kV3V4},
      {"V4 and V5 swapped", Exchange::kV4V5},
      {"V5 and V6 swapped", Exchange::kV5V6},
      {"V1 and V3 swapped", Exchange::kV1V3},
      {"V1 to V6 reversed", Exchange::kChestReversed},
      {"all leads turned over", Exchange::kTurnedOver},
      {"V1 turned over", Exchange::kV1TurnedOver},
      {"V2 turned over", Exchange::kV2TurnedOver},
      {"V3 turned over", Exchange::kV3TurnedOver},
      {"V4 turned over", Exchange::kV4TurnedOver},
      {"V5 turned over", Exchange::kV5TurnedOver},
      {"V6 turned over", Exchange::kV6TurnedOver},
      {"right arm and right leg swapped", Exchange::kRightArmGround},
      {"left arm and right leg swapped", Exchange::kLeftArmGround},
      {"arms and legs swapped", Exchange::kArmsLegs}};
  return table;
}

bool CanBeMended(Exchange exchange) {
  return exchange != Exchange::kNone && exchange < Exchange::kRightArmGround;
}

Exchange FindExchange(const std::vector<std::string>& names, const Measurements& measured,
                      double rate) {
  if (measured.median.leads.size() != names.size()) return Exchange::kNone;
  if (const std::optional<BeatSummary> beat = Summarise(names, measured, rate)) {
    const Exchange ground = FindGround(names, measured.median);
    if (ground != Exchange::kNone) return ground;
    return MostLikely(EvidenceOf(*beat, OwnWeights()), OwnNeeds());
  }
  return ArmsLookSwapped(names, measured) ? Exchange::kArms : Exchange::kNone;
}

bool Mend(Exchange exchange, record::EcgRecord& record) {
  if (!CanBeMended(exchange)) return false;
  auto leads = Mended(exchange, record.info.leads, record.leads);
  if (!leads) return false;
  record.leads = std::move(*leads);
  for (record::Waveform& other : record.other_waveforms) {
    auto samples = Mended(exchange, other.leads, other.samples);
    if (samples) other.samples = std::move(*samples);
  }
  return true;
}

}  // namespace ecg::dsp
