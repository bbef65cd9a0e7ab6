#include "ecg/score/header_labels.h"

#include <gtest/gtest.h>

#include <string>

namespace ecg::score {
namespace {

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

struct Labels {
  HeaderLabels header;
  std::string classes;  // abbreviations, each with a blank behind it
};

Labels Read(const std::string& text, LabelRules rules) {
  std::vector<std::uint8_t> row(Classes().size(), 9);
  Labels labels;
  labels.header = ReadHeaderLabels(text, Classes(), rules, row.data());
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (row[k] == 1) labels.classes += Classes()[k].abbreviation + " ";
  }
  return labels;
}

constexpr const char* kRecordLine = "A0001 12 500 5000\n";

TEST(HeaderLabels, ReadsBothSpellingsOfTheDxLine) {
  for (const char* line : {"#Dx: 164889003,59118001\n", "# Dx: 164889003, 59118001\r\n",
                           "#Dx:164889003,59118001", "# dx :\t164889003 ,,59118001\n"}) {
    EXPECT_EQ(Read(std::string(kRecordLine) + line, LabelRules::kSensible).classes, "AF RBBB ")
        << line;
  }
}

TEST(HeaderLabels, TheOfficialScorerSeesOneSpellingOnly) {
  const auto official = [](const std::string& line) {
    return Read(kRecordLine + line, LabelRules::kOfficial).classes;
  };
  EXPECT_EQ(official("#Dx: 164889003,59118001\n"), "AF RBBB ");
  EXPECT_EQ(official("#Dx: 164889003\r\n"), "AF ");
  EXPECT_EQ(official("# Dx: 164889003\n"), "");
  EXPECT_EQ(official("#Dx:164889003\n"), "");
  EXPECT_EQ(official("#Dx: 164889003: 59118001\n"), "AF ");  // split(': ')[1]
  EXPECT_EQ(official("#Dx: 164889003\n#Dx: 59118001\n"), "AF RBBB ");
  EXPECT_EQ(official("#Dx: AF\n"), "");
}

TEST(HeaderLabels, TellsWhatTheOfficialScorerMisses) {
  const auto notes = [](const std::string& line) {
    return Read(kRecordLine + line, LabelRules::kSensible).header.notes;
  };
  EXPECT_EQ(notes("#Dx: 164889003\n"), 0u);
  EXPECT_EQ(notes("#Dx: \n"), 0u);
  EXPECT_EQ(notes("#Dx:\n"), 0u);
  EXPECT_EQ(notes("# Dx: 164889003\n"), kUnofficialDx);
  EXPECT_EQ(notes("#Dx:164889003\n"), kUnofficialDx);
  EXPECT_EQ(notes("#Dx: AF\n"), kUnofficialDx);
  EXPECT_EQ(notes("#Dx: Normal\n"), kTextLabel);
  EXPECT_EQ(notes("#Age: 50\n"), kNoDxLine);
}

TEST(HeaderLabels, UnderstandsAbbreviationsAndPassesOverUnscoredCodes) {
  EXPECT_EQ(Read("#Dx: AF,RBBB,429622005\n", LabelRules::kSensible).classes, "AF RBBB ");
  EXPECT_EQ(Read("#Dx: 429622005\n", LabelRules::kSensible).header.notes, 0u);
}

TEST(HeaderLabels, CountsTheLeads) {
  EXPECT_EQ(Read("#comment\nA0001 6 500\n#Dx: \n", LabelRules::kSensible).header.leads, 6u);
  EXPECT_EQ(Read("A0001\n", LabelRules::kSensible).header.leads, 0u);
  EXPECT_EQ(Read("", LabelRules::kSensible).header.leads, 0u);
}

TEST(HeaderLabels, ListsTheDiagnoses) {
  const std::vector<std::string_view> expected = {"164889003", "AF", "1"};
  EXPECT_EQ(DiagnosesOf("X 12\n# Dx: 164889003, AF\n#Dx: 1,\n", LabelRules::kSensible), expected);
}

}  // namespace
}  // namespace ecg::score
