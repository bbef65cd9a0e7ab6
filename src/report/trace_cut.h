// A trace that is too tall for its place.
#pragma once

#include <vector>

#include "src/report/paper_layout.h"

namespace ecg::report {

// Keeps what lies from `top` to `bottom`, in units of TracePoint::y, with the ends of lines that
// leave it or come back on its edges. Returns whether anything was cut off.
bool CutTrace(int top, int bottom, std::vector<TracePoint>* trace);

}  // namespace ecg::report
