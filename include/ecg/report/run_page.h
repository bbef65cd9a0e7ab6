// The page about training runs, finished or going on: see page.h.
#pragma once

#include <string>
#include <vector>

#include "ecg/report/run_report.h"

namespace ecg::report {

// Curves, rates, where the time went, figures by part and lead set, classes by epoch, peaks,
// thresholds, configuration and what differs, of runs beside each other; of a study's runs its
// table with intervals comes first. A page of runs that go on renews itself so often (seconds; 0:
// never).
std::string RunPage(const std::vector<RunReport>& runs, const std::vector<StudyVariant>& study,
                    int renew_seconds = 0);

}  // namespace ecg::report
