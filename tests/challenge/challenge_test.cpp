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

TEST(LabelsOf, MergesEquivalentsAndDerivesBundleBranchBlock) {
  const ClassSet& classes = Classes2021();
  const std::vector<std::string> codes = {"59118001", "713427006", "164884008", "nonsense"};
  const auto plain = LabelsOf(codes, classes, false);
  EXPECT_EQ(std::accumulate(plain.begin(), plain.end(), 0), 1);
  EXPECT_EQ(plain[*classes.IndexOfAbbreviation("RBBB")], 1);
  const auto derived = LabelsOf(codes, classes, true);
  EXPECT_EQ(std::accumulate(derived.begin(), derived.end(), 0), 2);
  EXPECT_EQ(derived[*classes.IndexOfAbbreviation("BBB")], 1);
}

}  // namespace
}  // namespace ecg::challenge
