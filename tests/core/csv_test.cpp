#include "ecg/core/csv.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

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

TEST(CsvTable, HoldsItsCells) {
  const CsvTable table =
      CsvTable::Parse("record,note\nA,\n\nB,\"a \"\"b\"\",\nc\"\nlast, x \n", "t.csv").value();
  ASSERT_EQ(table.rows(), 3u);
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"record", "note"}));
  EXPECT_EQ(table.Column("note"), 1u);
  EXPECT_FALSE(table.Column("none").has_value());
  EXPECT_EQ(table.Cell(0, 0), "A");
  EXPECT_EQ(table.Cell(0, 1), "");
  EXPECT_EQ(table.Cell(1, 1), "a \"b\",\nc");
  EXPECT_EQ(table.Cell(2, 0), "last");
  EXPECT_EQ(table.Cell(2, 1), "x");
  EXPECT_EQ(table.Line(1), 4u);
  EXPECT_EQ(table.Line(2), 6u);
  EXPECT_EQ(CsvTable::Parse("a,b\n1\n", "t.csv").error().ToString(),
            "t.csv:2: has 1 cell instead of 2");
}

TEST(CsvTable, ARowHasABoundedNumberOfCells) {
  const std::string most(kMaxCsvCells - 1, ',');
  EXPECT_TRUE(CsvTable::Parse(most + "\n" + most + "\n", "t.csv").ok());
  for (const std::string& text : {most + ",\n", "a\n" + most + ",\n", most + ","}) {
    EXPECT_NE(CsvTable::Parse(text, "t.csv").error().ToString().find("has more than 65536 cells"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace ecg
