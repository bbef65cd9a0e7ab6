// Fits what says whether several leads show P to labels of the rhythm.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <vector>

#include "src/dsp/robust/p_evidence.h"

namespace ecg::fit {

enum class Rhythm { kSinus, kFibrillation, kFlutter };
inline constexpr std::size_t kRhythms = 3;

// A recording whose labels say its rhythm.
struct RhythmRecord {
  Rhythm rhythm = Rhythm::kSinus;
  bool has_candidate = false;  // a wave that the beats share
  dsp::robust::PEvidence evidence;
  double share = 0;  // of the beats that have P if the candidate is P
};

// Sinus rhythms (normal, fast, slow, irregular, with a long PR) and fibrillation or flutter; those
// labelled as both, or with fewer than two leads that show beats, are left out. In the order of
// the folders and ids.
std::vector<RhythmRecord> ReadRhythms(const std::vector<std::filesystem::path>& folders,
                                      int threads);

// From all recordings but those of a fold (see IsFittedTo).
dsp::robust::PWeights FitP(const std::vector<RhythmRecord>& records, std::size_t fold);

// Recordings of each rhythm, and of them those that are taken for others: sinus rhythms without
// any P; fibrillation and flutter with P in more than a tenth of the beats.
struct RhythmTally {
  std::array<std::size_t, kRhythms> recordings = {};
  std::array<std::size_t, kRhythms> wrong = {};

  void Add(const RhythmRecord& record, const dsp::robust::PWeights& weights);
};

}  // namespace ecg::fit
