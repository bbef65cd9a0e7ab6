#include "ecg/record/info_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ecg::record {
namespace {

TEST(InfoLines, AreSplitAtTheFirstColon) {
  const InfoLine line = SplitInfoLine(" <Age> : 64: or so\r");
  EXPECT_EQ(line.key, "Age");
  EXPECT_EQ(line.value, "64: or so");
  EXPECT_TRUE(line.Is("age"));
  EXPECT_FALSE(line.Is("ages"));
  EXPECT_EQ(SplitInfoLine("no colon").key, "");
}

TEST(InfoLines, SaySensibleThingsOfThePatient) {
  EXPECT_EQ(ParseAge(" 64 "), 64);
  for (const char* old : {"90+", ">89", "> 89", ">=90", "90 + years", "090Y"}) {
    EXPECT_EQ(ParseAge(old), 90) << old;
  }
  EXPECT_EQ(ParseAge("6 months"), 0.5);
  EXPECT_EQ(ParseAge("018M"), 1.5);
  EXPECT_EQ(ParseAge("63,5"), 63.5);
  EXPECT_NEAR(*ParseAge("10 days"), 0.0274, 1e-4);
  EXPECT_FALSE(ParseAge("45M"));  // of a man, perhaps
  EXPECT_EQ(ParseSex(" MALE "), Sex::kMale);
  EXPECT_EQ(ParseSex("f"), Sex::kFemale);
  for (const char* nobody :
       {"NaN", "-3", "300", ">130", "1e2", "60/70", "5 beats", "unknown", ""}) {
    EXPECT_FALSE(ParseAge(nobody).has_value()) << nobody;
    EXPECT_FALSE(ParseSex(nobody).has_value()) << nobody;
  }
}

TEST(InfoLines, TheFirstThatMakesSenseCounts) {
  PatientInfo patient;
  for (const char* line : {"Age: 300", "Age: 64", "Age: 70", "Sex: ?", "Sex: M", "Sex: F",
                           "Source:", "Source: record 100", "Source: Ward 3", "Source: Ward 4"}) {
    patient.Read(SplitInfoLine(line));
  }
  EXPECT_EQ(patient.age, 64);
  EXPECT_EQ(patient.sex, Sex::kMale);
  EXPECT_EQ(patient.source, "Ward 3");
}

TEST(InfoLines, ListDiagnosesOnce) {
  std::vector<std::string> dx = {"AF"};
  AddDiagnoses(" 426783006 ,,AF, 426783006,", dx);
  EXPECT_EQ(dx, (std::vector<std::string>{"AF", "426783006"}));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += std::to_string(i) + ",";
  AddDiagnoses(many, dx);
  EXPECT_EQ(dx.size(), kMaxDiagnoses);
}

}  // namespace
}  // namespace ecg::record
