// The page about a recording of hours: see page.h.
#pragma once

#include <optional>
#include <string>

#include "ecg/core/json.h"
#include "ecg/infer/long_record.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/stretches.h"
#include "ecg/score/rhythm_score.h"

namespace ecg::report {

struct HolterReport {
  const record::Stretches* record = nullptr;  // with the leads of `answer`; must outlive the page
  infer::LongAnswer answer;
  std::string model;                         // its card in a line; empty: none was asked
  std::optional<score::RhythmScore> scored;  // against annotations,
  std::string scored_by;                     // of this file
};

// Rate, beats and episodes over the time, hour by hour; each episode with its strip, of each kind
// the first few and those that stand out; what the model finds; the whole recording, a minute a
// row. The time of day is told where the file has one, the date and who it is are not. Throws
// Exception where a stretch cannot be read.
std::string HolterPage(const HolterReport& report);

// The same figures: beats, rates, episodes, classes, and how well they agree with annotations.
Json HolterJson(const HolterReport& report);

// Bytes that the page takes, and the hour of the recording that it draws.
double BytesOfHolterPage(const record::EcgInfo& info);

}  // namespace ecg::report
