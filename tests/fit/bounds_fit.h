// Fits how the answers about the bounds of waves are weighed to hand-made marks.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "ecg/dsp/waves.h"
#include "ecg/score/wave_score.h"
#include "src/dsp/robust/bounds.h"
#include "src/dsp/robust/fitted.h"
#include "src/dsp/robust/robust.h"

namespace ecg::fit {

// A recording with its marks; everything in samples at prepared.rate.
struct MarkedRecord {
  dsp::robust::Prepared prepared;
  dsp::robust::Outline outline;
  dsp::RecordBeats peaks;         // without bounds
  std::vector<dsp::Waves> marks;  // of each prepared lead
};

// The recordings below a folder that have an annotation file for each lead, named by it in lower
// case as LUDB's are, in the order of their ids. Throws Exception where there is none.
std::vector<MarkedRecord> ReadMarked(const std::filesystem::path& folder, int threads);

// From all recordings but those of a fold (see IsFittedTo).
dsp::robust::BoundRules FitBounds(const std::vector<MarkedRecord>& records, std::size_t fold);

// What bounds come out of the marks by some rules, lead by lead.
score::WaveTallies Judge(const MarkedRecord& record, const dsp::robust::BoundRules& rules);

}  // namespace ecg::fit
