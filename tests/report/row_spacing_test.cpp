#include "src/report/row_spacing.h"

#include <gtest/gtest.h>

#include <vector>

namespace ecg::report {
namespace {

using Distances = std::vector<double>;

TEST(RowDistances, AreTheLeastWhereNothingTouches) {
  const RowReach row = {{3, 2}, {10, 0}, {0, 10}};
  EXPECT_EQ(RowDistances({row, row}, {18, 35, 20}), (Distances{20, 35, 20}));
}

TEST(RowDistances, GrowWhereRowsWouldTouch) {
  // Only what stands above one another counts: 20 below 30, not 30 below 30.
  const RowReach upper = {{0, 30}, {0, 20}};
  const RowReach lower = {{0, 0}, {18, 0}};
  EXPECT_EQ(RowDistances({upper, lower}, {20, 35, 20}), (Distances{20, 40, 20}));
}

TEST(RowDistances, GiveArtefactsTheRoomOfATallComplex) {
  const RowReach quiet = {{0, 0}};
  const RowReach artefact = {{900, 900}};
  EXPECT_EQ(RowDistances({quiet, artefact, quiet}, {20, 35, 35, 20}), (Distances{20, 40, 40, 20}));
}

TEST(RowDistances, TakeFromThoseThatWantMost) {
  // Two rows may grow by 15 mm: 5 mm for the first stay whole, 10 of the 20 mm below are left.
  const RowReach upper = {{23, 0}, {0, 30}};
  const RowReach lower = {{0, 0}, {24, 0}};
  EXPECT_EQ(RowDistances({upper, lower}, {20, 35, 20}), (Distances{25, 45, 20}));
}

}  // namespace
}  // namespace ecg::report
