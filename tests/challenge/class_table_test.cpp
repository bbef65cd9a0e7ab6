#include "ecg/challenge/class_table.h"

#include <gtest/gtest.h>

#include "ecg/challenge/labels.h"
#include "tests/support.h"

namespace ecg::challenge {
namespace {

constexpr char kHead[] = "abbreviation,codes,name\n";

TEST(ClassTable, HoldsWhateverLabelsHold) {
  const ClassSet set = ParseClassTable(
                           "# ours\nabbreviation,codes,name\n"
                           "NSR,426783006,sinus rhythm\n"
                           "LVH,164873001|lvh_by_echo,\"hypertrophy, left\"\n\n"
                           "old,age_over_80,\n",
                           "mine.csv")
                           .value();
  ASSERT_EQ(set.size(), 3u);
  EXPECT_EQ(set[1].name, "hypertrophy, left");
  EXPECT_EQ(set[1].codes, (std::vector<std::string>{"164873001", "lvh_by_echo"}));
  EXPECT_EQ(set[2].name, "old");
  EXPECT_EQ(set.IndexOfCode("age_over_80"), 2u);
  EXPECT_EQ(LabelsOf({"164873001, age_over_80"}, set, false), (std::vector<std::uint8_t>{0, 1, 1}));
  EXPECT_FALSE(set.HasChallengeMetric());
}

TEST(ClassTable, NamesWhatIsWrong) {
  const auto error = [](const std::string& text) {
    return ParseClassTable(text, "mine.csv").error().ToString();
  };
  EXPECT_EQ(error(""), "mine.csv:1: the first line must begin with abbreviation,codes,name");
  EXPECT_EQ(error("code,name\n"),
            "mine.csv:1: the first line must begin with abbreviation,codes,name");
  EXPECT_EQ(error(kHead), "mine.csv: holds no class");
  EXPECT_EQ(error(std::string(kHead) + "A,1\n"), "mine.csv:2: has 2 cells instead of 3");
  EXPECT_EQ(error(std::string(kHead) + "A,1,a\nB,1,b\n"),
            "mine.csv:3: 1: stands in line 2 already");
  EXPECT_EQ(error(std::string(kHead) + "Af,1,a\nAF,2,b\n"),
            "mine.csv:3: af: stands in line 2 already");
  for (const char* row : {",1,a", "A,,a", "A,1|,a", "A B,1,a", "A,1 2,a", "\"A\nB\",1,a",
                          "A,\"1,2\",a", "A,1,\"a\nb\""}) {
    const Error wrong = ParseClassTable(std::string(kHead) + row + "\n", "mine.csv").error();
    EXPECT_EQ(wrong.file, "mine.csv") << row;
    EXPECT_EQ(wrong.line, 2u) << row;
    EXPECT_FALSE(wrong.field.empty()) << row;
  }
  std::string many = kHead;
  for (std::size_t i = 0; i <= kMaxClasses; ++i) {
    many += "c" + std::to_string(i) + "," + std::to_string(i) + ",x\n";
  }
  EXPECT_NE(error(many).find("more than 1000 classes"), std::string::npos);
}

TEST(ClassTable, TakesRewardsInAnyOrder) {
  const std::string classes =
      std::string(kHead) + "NSR,426783006,sinus rhythm\nMI,164865005,infarction\n";
  const ClassSet set =
      ParseClassTable(classes, "mine.csv", "class,MI,NSR\nMI,1,0.25\nNSR,0.25,1\n", "r.csv")
          .value();
  EXPECT_TRUE(set.HasChallengeMetric());
  EXPECT_EQ(set.rewards(), (std::vector<double>{1, 0.25, 0.25, 1}));

  const auto error = [&](const char* rewards) {
    return ParseClassTable(classes, "mine.csv", rewards, "r.csv").error().ToString();
  };
  EXPECT_EQ(error("class,MI\nMI,1\n"),
            "r.csv:1: must have a column and a line for each of the 2 classes");
  EXPECT_EQ(error("class,MI,AF\n"), "r.csv:1: AF: is none of the classes");
  EXPECT_EQ(error("class,MI,NSR\nMI,1,x\nNSR,0,1\n"),
            "r.csv:2: NSR: must be a number of at most 1, is \"x\"");
  EXPECT_EQ(error("class,MI,NSR\nMI,1,0\nMI,1,0\n"), "r.csv:3: MI: given twice");
  EXPECT_EQ(error("class,MI,NSR\nMI,0.5,0\nNSR,0,1\n"),
            "r.csv: MI,MI: a class that is found must have the reward 1");
  EXPECT_EQ(error("class,MI,NSR\nMI,1,0.5\nNSR,0.25,1\n"),
            "r.csv: MI,NSR: must be the same as of NSR and MI");
  // The metric compares with sinus rhythm.
  EXPECT_NE(ParseClassTable(std::string(kHead) + "MI,164865005,infarction\n", "mine.csv",
                            "class,MI\nMI,1\n", "r.csv")
                .error()
                .message.find("426783006"),
            std::string::npos);
}

TEST(ClassTable, ReadsTheTablesOfData) {
  for (const auto& [year, set] : {std::pair("2021", &Classes2021()), {"2020", &Classes2020()}}) {
    const std::string classes = test::SourcePath(std::string("data/classes_") + year + ".csv");
    const std::string rewards = test::SourcePath(std::string("data/rewards_") + year + ".csv");
    const ClassSet read = ReadClassTable(classes, rewards).value();
    ASSERT_EQ(read.size(), set->size());
    EXPECT_EQ(read.rewards(), set->rewards());
    EXPECT_EQ(read[3].codes, (*set)[3].codes);
  }
  EXPECT_EQ(ReadClassTable("nowhere.csv").error().file, "nowhere.csv");
}

TEST(Find2021, TellsWhereThe26Stand) {
  std::vector<DiagnosisClass> classes = Classes2021().classes();
  classes.insert(classes.begin(), {"LVH", "left ventricular hypertrophy", {"164873001"}});
  const std::vector<std::size_t> found = Find2021(classes);
  ASSERT_EQ(found.size(), 26u);
  EXPECT_EQ(found[0], 1u);
  classes[1].codes.emplace_back("1");
  EXPECT_TRUE(Find2021(classes).empty());
  EXPECT_TRUE(Find2021(ClassesCpsc().classes()).empty());
}

}  // namespace
}  // namespace ecg::challenge
