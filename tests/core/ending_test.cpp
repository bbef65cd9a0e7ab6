#include "ecg/core/ending.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

TEST(Ending, IsAtTheEndAndNotAll) {
  EXPECT_TRUE(HasEnding("A0001.csv", ".csv"));
  EXPECT_FALSE(HasEnding(".csv", ".csv"));
  EXPECT_FALSE(HasEnding("csv", ".csv"));
  EXPECT_FALSE(HasEnding("A.csv.gz", ".csv"));
  EXPECT_FALSE(HasEnding("A0001.CSV", ".csv"));
}

TEST(Ending, MayHaveAnyCase) {
  EXPECT_TRUE(HasEndingInAnyCase("A0001.hea", ".hea"));
  EXPECT_TRUE(HasEndingInAnyCase("A0001.HeA", ".hea"));
  EXPECT_FALSE(HasEndingInAnyCase(".HEA", ".hea"));
  EXPECT_FALSE(HasEndingInAnyCase("A0001.he", ".hea"));
  // What differs by 32 is not always a letter in two cases.
  EXPECT_FALSE(HasEndingInAnyCase("A0001Nhea", ".hea"));
}

}  // namespace
}  // namespace ecg
