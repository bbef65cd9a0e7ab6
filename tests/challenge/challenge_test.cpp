#include "ecg/challenge/challenge.h"

#include <gtest/gtest.h>

#include <numeric>

namespace ecg::challenge {
namespace {

TEST(ClassSet, HoldsTheOfficialOrderAndEquivalents) {
  const ClassSet& classes = Classes2021();
  ASSERT_EQ(classes.size(), 26u);
  EXPECT_EQ(classes[0].abbreviation, "AF");
  EXPECT_EQ(classes.normal_index(), 14u);
  EXPECT_EQ(classes.IndexOfCode("164909002"), classes.IndexOfCode("733534002"));
  EXPECT_EQ(classes.IndexOfCode("59118001"), classes.IndexOfCode("713427006"));
  EXPECT_EQ(classes.IndexOfCode("63593006"), classes.IndexOfCode("284470004"));
  EXPECT_EQ(classes.IndexOfCode("17338001"), classes.IndexOfCode("427172004"));
  EXPECT_FALSE(classes.IndexOfCode("164884008").has_value());  // ventricular ectopics: unscored
  std::size_t codes = 0;
  for (const DiagnosisClass& entry : classes.classes()) codes += entry.codes.size();
  EXPECT_EQ(codes, 30u);
}

TEST(ClassSet, RewardsAreSymmetricWithUnitDiagonal) {
  for (const ClassSet* classes : {&Classes2021(), &Classes2020()}) {
    for (std::size_t i = 0; i < classes->size(); ++i) {
      EXPECT_EQ(classes->Reward(i, i), 1.0);
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_EQ(classes->Reward(i, j), classes->Reward(j, i));
        EXPECT_GE(classes->Reward(i, j), 0.15);
        EXPECT_LE(classes->Reward(i, j), 0.5);
      }
    }
  }
}

TEST(ClassSet, RewardsOf2020AreThoseOf2021) {
  const ClassSet& older = Classes2020();
  const ClassSet& newer = Classes2021();
  ASSERT_EQ(older.size(), 24u);
  for (std::size_t i = 0; i < older.size(); ++i) {
    for (std::size_t j = 0; j < older.size(); ++j) {
      EXPECT_EQ(older.Reward(i, j),
                newer.Reward(*newer.IndexOfAbbreviation(older[i].abbreviation),
                             *newer.IndexOfAbbreviation(older[j].abbreviation)));
    }
  }
}

TEST(ClassSet, MakesPartsOfItself) {
  const ClassSet part = Classes2021().Subset({"RBBB", "NSR", "AF"}).value();
  ASSERT_EQ(part.size(), 3u);
  EXPECT_EQ(part[0].abbreviation, "RBBB");
  EXPECT_EQ(part[0].codes.size(), 2u);
  EXPECT_EQ(part.normal_index(), 1u);
  EXPECT_TRUE(part.HasChallengeMetric());
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(part.Reward(i, j),
                Classes2021().Reward(*Classes2021().IndexOfAbbreviation(part[i].abbreviation),
                                     *Classes2021().IndexOfAbbreviation(part[j].abbreviation)));
    }
  }
  const ClassSet without = Classes2021().Subset({"AF"}).value();
  EXPECT_FALSE(without.normal_index());
  EXPECT_FALSE(without.HasChallengeMetric());  // nothing to compare with
  EXPECT_EQ(part.Subset({"NSR"}).value()[0].abbreviation, "NSR");

  EXPECT_EQ(part.Subset({"NSR", "XYZ"}).error().ToString(),
            "XYZ: no class of this name; there are RBBB, NSR, AF");
  EXPECT_EQ(part.Subset({"AF", "AF"}).error().ToString(), "AF: given twice");
  EXPECT_FALSE(part.Subset({}));
}

TEST(ClassSet, OfCpscHasItsSixScoredClasses) {
  const ClassSet& classes = ClassesCpsc();
  std::string names;
  for (const DiagnosisClass& entry : classes.classes()) names += entry.abbreviation + " ";
  EXPECT_EQ(names, "AF IAVB LBBB NSR PAC RBBB ");
  EXPECT_TRUE(classes.HasChallengeMetric());
  EXPECT_EQ(classes.Reward(0, 5), 0.4);  // AF taken for RBBB
}

TEST(ClassSet, MayBeOfAnyTask) {
  const ClassSet classes({{"MI", "myocardial infarction", {"164865005"}}, {"HYP", "any", {}}});
  EXPECT_EQ(classes.size(), 2u);
  EXPECT_TRUE(classes.rewards().empty());
  EXPECT_FALSE(classes.normal_index());
  EXPECT_FALSE(classes.HasChallengeMetric());
  EXPECT_EQ(classes.IndexOfText("hyp"), 1u);
  EXPECT_TRUE(classes.Subset({"HYP"}).value().rewards().empty());
  const auto error = [](std::vector<DiagnosisClass> made, std::vector<double> rewards = {}) {
    try {
      ClassSet(std::move(made), std::move(rewards));
    } catch (const Exception& exception) {
      return std::string(exception.what());
    }
    return std::string();
  };
  EXPECT_EQ(error({{"A", "", {"1"}}, {"A", "", {"2"}}}), "A: two classes of this name");
  EXPECT_EQ(error({{"A", "", {"1"}}, {"B", "", {"1"}}}), "1: a code of two classes");
  EXPECT_EQ(error({{"A", "", {}}}, {1, 0}), "the reward matrix does not fit the classes");
}

TEST(SourceOfRecord, GoesByPrefixAndNumber) {
  EXPECT_EQ(SourceOfRecord("A0001"), "CPSC");
  EXPECT_EQ(SourceOfRecord("Q3581"), "CPSC_Extra");
  EXPECT_EQ(SourceOfRecord("I0074"), "INCART");
  EXPECT_EQ(SourceOfRecord("S0549"), "PTB");
  EXPECT_EQ(SourceOfRecord("HR21837"), "PTB_XL");
  EXPECT_EQ(SourceOfRecord("E10344"), "Georgia");
  EXPECT_EQ(SourceOfRecord("JS10646"), "Chapman_Shaoxing");
  EXPECT_EQ(SourceOfRecord("JS10647"), "Ningbo");
  for (const char* other : {"", "A", "X0001", "A0001x", "HRx", "JS", "100", "Apple"}) {
    EXPECT_EQ(SourceOfRecord(other), "") << other;
  }
}

TEST(SourceOfRecord, FollowsRulesOfOnesOwn) {
  const std::vector<SourceRule> rules =
      ParseSourceRules(
          "# ours\r\nsource,prefix,first_number,last_number\r\n\r\nWard 3, W ,10,19\nRest,W,0,*\n"
          "Numbers,,0,*\n",
          "rules.csv")
          .value();
  EXPECT_EQ(SourceOfRecord("W0019", rules), "Ward 3");
  EXPECT_EQ(SourceOfRecord("W20", rules), "Rest");
  EXPECT_EQ(SourceOfRecord("7", rules), "Numbers");
  EXPECT_EQ(SourceOfRecord("A0001", rules), "");
  EXPECT_EQ(ResolveSource("Ward 9", "W0019", rules), "Ward 9");
  EXPECT_EQ(ResolveSource("", "W0019", rules), "Ward 3");
}

TEST(SourceRules, NameWhatIsWrong) {
  const auto error = [](const std::string& rows) {
    return ParseSourceRules("source,prefix,first_number,last_number\n" + rows, "s.csv")
        .error()
        .ToString();
  };
  EXPECT_EQ(ParseSourceRules("source,prefix\n", "s.csv").error().ToString(),
            "s.csv:1: the first line must be source,prefix,first_number,last_number");
  EXPECT_FALSE(ParseSourceRules("", "s.csv"));
  EXPECT_EQ(error("\nA,B,1\n"), "s.csv:3: has 3 cells instead of 4");
  EXPECT_EQ(error(",B,1,2\n"), "s.csv:2: source: must name the source, is \"\"");
  EXPECT_EQ(error("A,B,-1,2\n"), "s.csv:2: first_number: must be a number from 0 on, is \"-1\"");
  EXPECT_EQ(error("A,B,5,4\n"),
            "s.csv:2: last_number: must be * or a number from the first one on, is \"4\"");
  EXPECT_EQ(error("A,B,*,4\n"), "s.csv:2: first_number: must be a number from 0 on, is \"*\"");
}

TEST(LabelMask, FollowsThePaperWithCorrections) {
  const auto row = [](const char* source) { return LabelMask::Default().Row(source).value(); };
  const auto on = [&](const char* source, const char* abbreviation) {
    return row(source)[*Classes2021().IndexOfAbbreviation(abbreviation)] == 1;
  };
  const auto cpsc = row("CPSC");
  EXPECT_EQ(std::accumulate(cpsc.begin(), cpsc.end(), 0), 7);  // the six classes and derived BBB
  for (const char* corrected : {"PAC", "PVC", "STach"}) {
    EXPECT_TRUE(on("Chapman_Shaoxing", corrected)) << corrected;
  }
  EXPECT_FALSE(on("Ningbo", "AF"));
  EXPECT_FALSE(on("Ningbo", "AFL"));
  EXPECT_FALSE(on("Ningbo", "Brady"));
  EXPECT_TRUE(on("Georgia", "Brady"));
  EXPECT_FALSE(on("PTB_XL", "PVC"));
  EXPECT_FALSE(LabelMask::Default().Row("elsewhere").has_value());
}

TEST(LabelMask, NamesWhatIsWrong) {
  const auto error = [](const char* text) {
    return LabelMask::Parse(text, Classes2021(), "mask.csv").error().ToString();
  };
  EXPECT_EQ(error(""), "mask.csv:1: the first line must be source,<class>,...");
  EXPECT_EQ(error("source,AF,XYZ\n"), "mask.csv:1: XYZ: no scored class of this name");
  EXPECT_EQ(error("source,AF,AF\n"), "mask.csv:1: AF: given twice");
  EXPECT_EQ(error("source,AF\n"), "mask.csv:1: must name all 26 classes");
}

TEST(LabelMask, MayNameFurtherClasses) {
  const std::vector<std::string> required = {"AF"}, further = {"LVH", "MI"};
  const LabelMask mask =
      LabelMask::Parse("source,LVH,AF\nA,1,0\nB,0,1\n", required, further, "mask.csv").value();
  EXPECT_EQ(mask.Row("A"), std::vector<std::uint8_t>{0});
  EXPECT_EQ(mask.Trusts("A", "LVH"), true);
  EXPECT_EQ(mask.Trusts("B", "LVH"), false);
  EXPECT_EQ(mask.Trusts("B", "AF"), true);
  EXPECT_EQ(mask.Trusts("B", "MI"), std::nullopt);
  EXPECT_EQ(mask.Trusts("C", "AF"), std::nullopt);
  EXPECT_FALSE(mask.HasRow("C"));
  EXPECT_FALSE(LabelMask::Parse("source,LVH\n", required, further, "mask.csv").ok());
  EXPECT_FALSE(LabelMask::Parse("source,AF,LAD\n", required, further, "mask.csv").ok());
  EXPECT_FALSE(LabelMask::Parse("source,AF,MI,MI\n", required, further, "mask.csv").ok());
}

}  // namespace
}  // namespace ecg::challenge
