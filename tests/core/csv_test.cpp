#include "ecg/core/csv.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

using Cells = std::vector<std::string>;

Cells RoundTrip(const Cells& cells) {
  const std::string text = CsvLine(cells) + "\n";
  CsvReader reader(text, "table.csv");
  CsvRow row;
  EXPECT_TRUE(reader.Next(row).value());
  return row.cells;
}

TEST(Csv, WhatIsWrittenIsReadAgain) {
  for (const Cells& cells :
       {Cells{"plain", "with, comma", "with \"quotes\"", "two\nlines", "", "V1 flat; V2 flat"},
        Cells{" leading blank", "trailing blank ", "\ttab", "Größe"},
        Cells{"=1+1", "+A1", "-A1", "@SUM(A1)", "a=b", "'quoted", "'=1", "''=1", "'"},
        Cells{"-30", "+1.5", "-1e-5", "-inf", "-", "=", "''", "'''", "'-3"}}) {
    EXPECT_EQ(RoundTrip(cells), cells);
  }
}

// As spreadsheets see it: text that begins so would be computed.
TEST(Csv, NoTextIsAFormula) {
  EXPECT_EQ(CsvLine({"=cmd|' /C calc'!A0", "x"}), "'=cmd|' /C calc'!A0,x");
  EXPECT_EQ(CsvLine({"@x", "+x", "-x", "=1,2"}), "'@x,'+x,'-x,\"'=1,2\"");
  EXPECT_EQ(CsvLine({"-30", "+0.5", "-1e3"}), "-30,+0.5,-1e3");
}

}  // namespace
}  // namespace ecg
