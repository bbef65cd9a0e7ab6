// Bland and Altman's figures against SciPy 1.10.1 (scipy.stats.t, norm) and NumPy.
#include "ecg/score/agreement.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg::score {
namespace {

TEST(StudentQuantile, IsThatOfSciPy) {
  struct Row {
    double probability, degrees, quantile;
  };
  for (const Row& row :
       {Row{0.975, 1, 12.706204736432095}, Row{0.975, 2, 4.302652729911275},
        Row{0.975, 9, 2.2621571627409915}, Row{0.975, 84, 1.9886096667986732},
        Row{0.9, 3.5, 1.5765766039594717}, Row{0.025, 9, -2.262157162740992},
        Row{0.999999, 5, 24.771029720392217}, Row{0.975, 100000, 1.9599877075346093}}) {
    EXPECT_NEAR(StudentQuantile(row.probability, row.degrees), row.quantile,
                1e-9 * std::abs(row.quantile))
        << row.probability << " " << row.degrees;
  }
}

TEST(Agree, GivesBiasLimitsAndIntervals) {
  const Agreement agreement = Agree({-5, -1, 3, 8, -12, 4, 0, 2, 7, -3});
  EXPECT_EQ(agreement.count, 10u);
  EXPECT_NEAR(agreement.bias, 0.3, 1e-12);
  EXPECT_NEAR(agreement.sd, 5.963779562212764, 1e-12);
  EXPECT_NEAR(agreement.lower, -11.388793153673067, 1e-9);
  EXPECT_NEAR(agreement.upper, 11.988793153673068, 1e-9);
  EXPECT_NEAR(agreement.bias_interval.low, -3.9662308954077092, 1e-8);
  EXPECT_NEAR(agreement.bias_interval.high, 4.566230895407709, 1e-8);
  EXPECT_NEAR(agreement.lower_interval.low, -18.941520642407276, 1e-8);
  EXPECT_NEAR(agreement.lower_interval.high, -3.8360656649388574, 1e-8);
}

TEST(Agree, SaysOfFewDifferencesNoMoreThanTheyTell) {
  EXPECT_TRUE(std::isnan(Agree({}).bias));
  const Agreement one = Agree({4});
  EXPECT_EQ(one.bias, 4);
  EXPECT_TRUE(std::isnan(one.sd));
  EXPECT_TRUE(std::isnan(one.upper_interval.high));
  const Agreement same = Agree({2, 2, 2});
  EXPECT_EQ(same.sd, 0);
  EXPECT_EQ(same.upper, 2);
}

TEST(DifferenceOf, GoesTheSmallerWayRoundWithAngles) {
  EXPECT_EQ(DifferenceOf(record::Quantity::kQrsAxis, {"A", 175, -178}), -7);
  EXPECT_EQ(DifferenceOf(record::Quantity::kPr, {"A", 175, 160}), 15);
  EXPECT_EQ(AgreementOf(record::Quantity::kTAxis, {{"A", -170, 170}, {"B", 10, 0}}).bias, 15);
}

}  // namespace
}  // namespace ecg::score
