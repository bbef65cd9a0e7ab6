#include "ecg/record/stated_measurements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

namespace ecg::record {
namespace {

TEST(StatedMeasurements, TakeWhatAHeartCanHave) {
  StatedMeasurements stated;
  EXPECT_TRUE(stated.empty());
  for (const double nonsense : {0.0, -1.0, 29999.0, 65535.0, std::nan("")}) {
    stated.Set(Quantity::kPr, nonsense);
    EXPECT_FALSE(stated.Of(Quantity::kPr)) << nonsense;
  }
  stated.Set(Quantity::kPr, 164.0);
  stated.Set(Quantity::kPr, 170.0);
  EXPECT_EQ(stated.Of(Quantity::kPr), 164) << "the first counts";
  stated.Set(Quantity::kQrsAxis, 264.0);
  EXPECT_EQ(stated.Of(Quantity::kQrsAxis), -96);
  stated.Set(Quantity::kTAxis, std::optional<double>());
  EXPECT_FALSE(stated.Of(Quantity::kTAxis));
  EXPECT_FALSE(stated.empty());
}

TEST(StatedMeasurements, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (std::size_t q = 0; q < kQuantities; ++q) names.insert(NameOf(static_cast<Quantity>(q)));
  EXPECT_EQ(names.size(), kQuantities);
  EXPECT_FALSE(IsAxis(Quantity::kQtcHodges));
  EXPECT_TRUE(IsAxis(Quantity::kPAxis));
}

TEST(WithinHalfTurn, IsTheSameAngle) {
  EXPECT_EQ(WithinHalfTurn(190), -170);
  EXPECT_EQ(WithinHalfTurn(-180), 180);
  EXPECT_EQ(WithinHalfTurn(180), 180);
  EXPECT_EQ(WithinHalfTurn(-350), 10);
}

}  // namespace
}  // namespace ecg::record
