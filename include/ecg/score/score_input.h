// Moved to ecg/data/score_input.h; here until all who include it have followed.
#pragma once

#include "ecg/data/score_input.h"

namespace ecg::score {
using data::InputOptions, data::ReadScoreInput, data::ScoredRecord, data::ScoreInput;
}  // namespace ecg::score
