// The median beat of a recording with its intervals.
#pragma once

#include "ecg/infer/measure.h"
#include "ecg/report/html.h"

namespace ecg::report {

// All leads over each other on paper at twice the usual scale, 50 mm/s and 20 mm/mV, with the
// borders of P, QRS and T and the intervals between them. Empty where there is no median beat.
Html MedianBeatHtml(const infer::Measured& measured);

}  // namespace ecg::report
