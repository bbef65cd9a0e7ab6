// A set of predictions against labels, as parts of a page: the figures of ReportJson.
#pragma once

#include "ecg/data/labels/score_input.h"
#include "ecg/report/page.h"
#include "ecg/report/score_report.h"

namespace ecg::report {

// Metrics with their intervals, classes, curves of the most frequent classes, reliability, the
// challenge's confusion, groups, and the comparison where there is one. `input` is what the report
// was built from.
void AddScoreSections(const ScoreReport& report, const data::ScoreInput& input, Page* page);

}  // namespace ecg::report
