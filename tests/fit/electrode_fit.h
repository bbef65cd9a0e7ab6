// Learns what a heart's leads look like, and by that which electrodes were exchanged.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "src/dsp/measure/electrode_evidence.h"

namespace ecg::fit {

struct KnownBeat {
  std::string id;
  dsp::BeatSummary beat;
};

// The median beats of a folder's recordings by their ids, those that have none left out.
std::vector<KnownBeat> ReadBeats(const std::filesystem::path& folder, int threads);

struct LearnConfig {
  int epochs = 60;
  std::uint64_t seed = 1;
};

// Weights, in thousandths, by which a beat with an exchange, drawn anew each time, looks more like
// a heart's with that exchange undone than with any other or none: cross entropy over all of them,
// steps of AdamW along a cosine.
dsp::ElectrodeWeights LearnElectrodes(const std::vector<KnownBeat>& beats,
                                      const LearnConfig& config);

using Evidence = std::array<float, dsp::kExchanges>;

// Of each beat, shown with an exchange.
std::vector<Evidence> EvidenceWith(const std::vector<KnownBeat>& beats, dsp::Exchange exchange,
                                   const dsp::ElectrodeWeights& weights);

// For each exchange, the evidence that a share of these beats exceeds, but at least `least`.
Evidence LimitsOf(const std::vector<Evidence>& as_recorded, double share, float least);

}  // namespace ecg::fit
