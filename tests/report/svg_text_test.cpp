#include "src/report/svg_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ecg::report {
namespace {

const std::string kEllipsis = "\xE2\x80\xA6";

// Advances of DejaVu Sans, the widest of the usual fonts, from its hmtx table (2048 units an em).
TEST(TextWidth, IsNoLessThanTheWidestFont) {
  EXPECT_GE(TextWidth("iiii"), 4 * 569 / 2048.0);
  EXPECT_GE(TextWidth("WM"), (2025 + 1767) / 2048.0);
  EXPECT_GE(TextWidth("12345"), 5 * 1303 / 2048.0);
  EXPECT_GE(TextWidth("OQGw"), (1612 + 1612 + 1587 + 1675) / 2048.0);
  EXPECT_LT(TextWidth("left ventricular hypertrophy"), 28 * 0.7);  // nor uselessly large
  EXPECT_EQ(TextWidth("\xC3\xA9\xC3\xA9"), 2 * TextWidth("\xC3\xA9"));
  EXPECT_EQ(TextWidth(""), 0);
}

TEST(CutText, KeepsWhatFits) {
  EXPECT_EQ(CutText("aVR", 10), "aVR");
  EXPECT_EQ(CutText("a\tb\nc", 10), "a b c");
  EXPECT_EQ(CutText("", 1), "");
}

TEST(CutText, EndsInAnEllipsisInsideTheWidth) {
  const std::string cut = CutText(std::string(1000, 'W'), 10);
  EXPECT_LE(TextWidth(cut), 10);
  EXPECT_GT(TextWidth(cut), 8.5);
  EXPECT_EQ(cut.substr(cut.size() - 3), kEllipsis);
  // Never inside a character.
  const std::string accents = CutText("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3.5);
  EXPECT_EQ(accents, "\xC3\xA9\xC3\xA9" + kEllipsis);
  EXPECT_EQ(CutText(std::string(10, '\xFF'), 3.5), "\xFF\xFF" + kEllipsis);
  EXPECT_EQ(CutText("too narrow", 0), kEllipsis);
}

TEST(WrapText, BreaksAtBlanks) {
  const double width = TextWidth("one two");
  EXPECT_EQ(WrapText("one two three", width, 3), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(WrapText("one two", width, 3), (std::vector<std::string>{"one two"}));
  EXPECT_EQ(WrapText("one two  one two one two one two", width, 3),
            (std::vector<std::string>{"one two", "one two", CutText("one two one two", width)}));
}

TEST(WrapText, BreaksLongWordsWhereTheyMust) {
  const std::vector<std::string> lines = WrapText(std::string(50, 'x'), 10, 10);
  std::string all;
  for (const std::string& line : lines) {
    EXPECT_LE(TextWidth(line), 10);
    all += line;
  }
  EXPECT_EQ(all, std::string(50, 'x'));
}

TEST(WrapText, HasAtLeastOneLine) {
  EXPECT_EQ(WrapText("", 10, 3), std::vector<std::string>{""});
  EXPECT_EQ(WrapText(" \n ", 10, 3), std::vector<std::string>{""});
  EXPECT_EQ(WrapText("wide", 0.1, 2).size(), 1u);
}

}  // namespace
}  // namespace ecg::report
