// The two files that the official scorers write, byte for byte.
#pragma once

#include <string>

#include "ecg/challenge/challenge.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/score/metrics.h"

namespace ecg::report {

// Two lines: the names of the metrics (of 2020 with F-beta and G-beta), their values with three
// decimals. No final line end.
std::string OfficialScores(const score::Metrics& metrics, const score::Scoring& scoring);

// Four lines: class codes, AUROC, AUPRC, F-measure. No final line end.
std::string OfficialClassScores(const score::Metrics& metrics, const score::Scoring& scoring);

}  // namespace ecg::report
