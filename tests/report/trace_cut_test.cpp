#include "src/report/trace_cut.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace ecg::report {
namespace {

using Points = std::vector<std::tuple<int, int, bool>>;

Points Cut(const Points& points, bool expect_cut = true) {
  std::vector<TracePoint> trace;
  for (const auto& [x, y, joined] : points) trace.push_back({x, y, joined});
  EXPECT_EQ(CutTrace(-100, 50, &trace), expect_cut);
  Points cut;
  for (const TracePoint& point : trace) cut.emplace_back(point.x, point.y, point.joined);
  return cut;
}

TEST(CutTrace, LeavesWhatFits) {
  const Points fits = {{0, -100, false}, {10, 50, true}, {30, 0, false}};
  EXPECT_EQ(Cut(fits, false), fits);
  EXPECT_EQ(Cut({}, false), Points());
}

TEST(CutTrace, LinesEndAndBeginOnTheEdge) {
  EXPECT_EQ(Cut({{0, 0, false}, {10, 100, true}, {20, 0, true}}),
            (Points{{0, 0, false}, {5, 50, true}, {15, 50, false}, {20, 0, true}}));
}

TEST(CutTrace, WhatPassesFromOneSideToTheOtherIsSeen) {
  EXPECT_EQ(Cut({{0, -200, false}, {30, 100, true}}), (Points{{10, -100, false}, {25, 50, true}}));
}

TEST(CutTrace, WhatStaysOutsideIsNot) {
  EXPECT_EQ(Cut({{0, 60, false}, {10, 70, true}, {20, 99, false}, {30, -101, false}}), Points());
  // A gap is not bridged, from outside neither.
  EXPECT_EQ(Cut({{0, 60, false}, {10, 0, false}}), (Points{{10, 0, false}}));
}

}  // namespace
}  // namespace ecg::report
