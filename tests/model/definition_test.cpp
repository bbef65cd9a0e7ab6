#include "ecg/model/definition.h"

#include <gtest/gtest.h>

#include <set>

#include "ecg/challenge/class_set.h"

namespace ecg::model {
namespace {

constexpr char kHeading[] = "class,criterion,limit,unit,sex,unless,instead_of,source\n";

std::string ReasonOf(const std::string& row) {
  const auto read = ReadDefinitionTable(kHeading + row, "mine.csv");
  return read.ok() ? "accepted" : read.error().ToString();
}

TEST(Definitions, ComeFromATable) {
  const auto read = ReadDefinitionTable(std::string(kHeading) +
                                            "SB,slow_rate,55,1/min,, AF ;AFL,NSR,\"ours, 2026\"\n" +
                                            "LQT,long_qt,460,ms,Female,,,\n",
                                        "mine.csv");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  const std::vector<Definition> expected = {
      {"SB", dsp::Criterion::kSlowRate, 55, {}, {"AF", "AFL"}, {"NSR"}},
      {"LQT", dsp::Criterion::kLongQt, 460, record::Sex::kFemale, {}, {}}};
  EXPECT_EQ(*read, expected);
  std::vector<Definition> again;
  ASSERT_TRUE(ReadDefinitions(DefinitionsToJson(*read), again));
  EXPECT_EQ(again, expected);
}

TEST(Definitions, ATableThatMakesNoSenseIsNamed) {
  EXPECT_EQ(ReasonOf("SB,slow_rate,60,1/min,,,,\n"), "accepted");
  for (const auto& [row, words] : {std::pair("SB,slow,60,1/min,,,,\n", "mine.csv:2: criterion"),
                                   {"QAb,deep_q,60,,,,,\n", "criterion"},
                                   {"SB,slow_rate,60,ms,,,,\n", "unit: must be 1/min"},
                                   {"SB,slow_rate,sixty,1/min,,,,\n", "limit"},
                                   {"SB,slow_rate,nan,1/min,,,,\n", "limit"},
                                   {"SB,slow_rate,60,1/min,child,,,\n", "sex"},
                                   {",slow_rate,60,1/min,,,,\n", "class"}}) {
    EXPECT_NE(ReasonOf(row).find(words), std::string::npos) << ReasonOf(row);
  }
  EXPECT_FALSE(ReadDefinitionTable("class,criterion,limit\nSB,slow_rate,60\n", "mine.csv").ok());
}

TEST(Definitions, OfGuidelinesAreAboutTheChallengesClasses) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  std::set<std::string> defined;
  for (const Definition& definition : GuidelineDefinitions()) {
    EXPECT_TRUE(classes.IndexOfAbbreviation(definition.diagnosis)) << definition.diagnosis;
    for (const std::string& other : definition.unless) {
      EXPECT_TRUE(classes.IndexOfAbbreviation(other)) << other;
    }
    defined.insert(definition.diagnosis);
  }
  for (const char* expected : {"SB", "STach", "IAVB", "LQT", "LAD", "RAD", "LQRSV"}) {
    EXPECT_EQ(defined.count(expected), 1u) << expected;
  }
}

}  // namespace
}  // namespace ecg::model
