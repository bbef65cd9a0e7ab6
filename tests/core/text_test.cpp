#include "ecg/core/text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecg {
namespace {

TEST(Text, SplitsWithoutLosingEmptyFields) {
  EXPECT_EQ(Split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(Split("", ',').size(), 1u);
  EXPECT_EQ(SplitWords("  a \t b "), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(SplitLines("a\r\n\nb"), (std::vector<std::string_view>{"a", "", "b"}));
}

TEST(Text, ParsesOnlyWholeNumbers) {
  EXPECT_EQ(ParseInt("-12"), -12);
  EXPECT_EQ(ParseInt("+7"), 7);
  for (const char* bad : {"", "+", "-", "+-1", "1 ", "1.0", "0x1", "9223372036854775808"}) {
    EXPECT_FALSE(ParseInt(bad).has_value()) << bad;
  }
  EXPECT_EQ(ParseDouble("1.052e+04"), 10520.0);
  EXPECT_TRUE(std::isnan(ParseDouble("NaN").value()));
  EXPECT_EQ(ParseDouble("1e-999"), 0.0);
  EXPECT_TRUE(std::isinf(ParseDouble("-1e999").value()));
  for (const char* bad : {"", "1,5", "1.5x", "--1"}) EXPECT_FALSE(ParseDouble(bad)) << bad;
}

TEST(Text, FormatsDoublesSoThatTheyReadBack) {
  for (const double value : {0.1, 1.0 / 3.0, 1e-300, 123456789.125}) {
    EXPECT_EQ(ParseDouble(FormatDouble(value)), value);
  }
}

TEST(Text, CountsWithTheirNoun) {
  EXPECT_EQ(Counted(1, "record"), "1 record");
  EXPECT_EQ(Counted(0, "record"), "0 records");
  EXPECT_EQ(Counted(12, "record"), "12 records");
  EXPECT_EQ(Counted(1, "class", "classes"), "1 class");
  EXPECT_EQ(Counted(2, "class", "classes"), "2 classes");
}

TEST(Text, MatchesGlobs) {
  EXPECT_TRUE(GlobMatch("A*", "A0001"));
  EXPECT_TRUE(GlobMatch("*a*b", "xaxbxb"));
  EXPECT_TRUE(GlobMatch("?0", "A0"));
  EXPECT_FALSE(GlobMatch("?0", "0"));
  EXPECT_FALSE(GlobMatch("A", "AB"));
}

TEST(Text, SuggestsTheNearestName) {
  const std::vector<std::string> names = {"learning_rate", "batch_size", "epochs"};
  EXPECT_EQ(NearestOf("learnin_rate", names), "learning_rate");
  EXPECT_EQ(NearestOf("epoch", names), "epochs");
  EXPECT_FALSE(NearestOf("completely_else", names).has_value());
}

}  // namespace
}  // namespace ecg
