// The drawings of a recording of hours: the course of the day, and all of it at once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/report/holter_page.h"
#include "ecg/report/html.h"

namespace ecg::report {

// What the clock shows at a time of the recording (s), as in "14:05:09", where the file says when
// it began; else the time since then.
std::string ClockText(const record::EcgInfo& info, double seconds);

double DurationOf(const record::EcgInfo& info);

// Rate with its least and most, beats of other origin in five minutes each, and where episodes lie,
// above one axis of time.
Html DayFigure(const HolterReport& report);

// The first lead that was looked at, an hour a drawing and a minute a row, with episodes of
// fibrillation shaded and ectopic beats marked. Two values a column: the least and the most.
std::vector<Html> FullDisclosure(const HolterReport& report);

}  // namespace ecg::report
