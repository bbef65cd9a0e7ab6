#include "src/report/trace_cut.h"

#include <algorithm>
#include <cmath>

namespace ecg::report {
namespace {

// Where a line passes a height, `joined` to what was drawn before or not.
TracePoint Crossing(const TracePoint& from, const TracePoint& to, int y, bool joined) {
  const double part = (static_cast<double>(y) - from.y) / (static_cast<double>(to.y) - from.y);
  return {from.x + static_cast<int>(std::lround(part * (to.x - from.x))), y, joined};
}

}  // namespace

bool CutTrace(int top, int bottom, std::vector<TracePoint>* trace) {
  const auto inside = [&](const TracePoint& point) { return point.y >= top && point.y <= bottom; };
  if (std::all_of(trace->begin(), trace->end(), inside)) return false;
  // The edge that a point lies beyond, or its own height.
  const auto edge = [&](const TracePoint& point) { return std::clamp(point.y, top, bottom); };
  std::vector<TracePoint> kept;
  for (std::size_t i = 0; i < trace->size(); ++i) {
    const TracePoint& to = (*trace)[i];
    if (!to.joined) {
      if (inside(to)) kept.push_back(to);
      continue;
    }
    const TracePoint& from = (*trace)[i - 1];
    const bool begins_inside = inside(from);
    if (!begins_inside && !inside(to) && edge(from) == edge(to)) continue;
    if (!begins_inside) kept.push_back(Crossing(from, to, edge(from), false));
    kept.push_back(inside(to) ? to : Crossing(from, to, edge(to), true));
  }
  *trace = std::move(kept);
  return true;
}

}  // namespace ecg::report
