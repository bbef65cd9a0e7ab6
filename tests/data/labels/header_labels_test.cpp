#include "ecg/data/labels/header_labels.h"

#include <gtest/gtest.h>

#include <string>

#include "ecg/core/file.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"
#include "tests/support.h"

namespace ecg::data {
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
    return Read(kRecordLine + line, LabelRules::kSensible).header.notes.bits;
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

// The two readings of a header, for training and for scoring, must not differ.
TEST(HeaderLabels, AreThoseOfTraining) {
  for (const char* dx : {"#Dx: af, Atrial Flutter", "# <DX> : lbbb;STD", "#dx:59118001 NSR",
                         "#Dx: Normal,no AF", "#Dx: 1st degree av block", "#Dx :AF", "# D x: AF"}) {
    const std::string text = std::string("A1 1 500 10\nA1.dat 16 1/mV 16 0 0 0 0 I\n") + dx +
                             "\n# source: Ward 3 \n#Source: no\n";
    std::vector<std::uint8_t> row(Classes().size());
    const HeaderLabels header =
        ReadHeaderLabels(text, Classes(), LabelRules::kSensible, row.data());
    test::TemporaryFolder folder;
    WriteFileAtomic(folder / "A1.hea", text).value();
    const record::EcgInfo info = formats::ReadEcgInfo(folder / "A1.hea").value();
    EXPECT_EQ(challenge::LabelsOf(info.dx, Classes(), false), row) << dx;
    EXPECT_EQ(header.patient.source, "Ward 3");
    EXPECT_EQ(info.source, header.patient.source);
  }
}

TEST(HeaderLabels, UnderstandsAbbreviationsAndPassesOverUnscoredCodes) {
  EXPECT_EQ(Read("#Dx: AF,RBBB,429622005\n", LabelRules::kSensible).classes, "AF RBBB ");
  EXPECT_EQ(Read("#Dx: 429622005\n", LabelRules::kSensible).header.notes.bits, 0u);
}

TEST(HeaderLabels, CountsTheLeads) {
  EXPECT_EQ(Read("#comment\nA0001 6 500\n#Dx: \n", LabelRules::kSensible).header.leads, 6u);
  EXPECT_EQ(Read("A0001\n", LabelRules::kSensible).header.leads, 0u);
  EXPECT_EQ(Read("", LabelRules::kSensible).header.leads, 0u);
}

TEST(HeaderLabels, NamesWhatIsNotUnderstood) {
  const LabelNotes notes =
      Read("#Dx: Normal,AF,123\n# <dx>: perhaps AF; sinus rhythm\n", LabelRules::kSensible)
          .header.notes;
  EXPECT_EQ(notes.text_labels, (std::vector<std::string>{"Normal", "perhaps AF"}));
  EXPECT_EQ(notes.unknown_codes, std::vector<std::string>{"123"});
  EXPECT_EQ(notes.bits, kTextLabel | kUnknownCode | kUnofficialDx);
  std::string many = "#Dx: ";
  for (int i = 0; i < 1000; ++i) many += std::string(500, 'x') + ",";
  const LabelNotes of_many = Read(many, LabelRules::kSensible).header.notes;
  EXPECT_EQ(of_many.text_labels.size(), kMaxNamed);
  EXPECT_LT(of_many.text_labels[0].size(), 100u);
}

TEST(HeaderLabels, TellsAgeAndSex) {
  const HeaderLabels header =
      Read("#Age: 64\n# <sex>: F\n#Dx: 426783006\n", LabelRules::kSensible).header;
  EXPECT_EQ(header.patient.age, 64);
  EXPECT_EQ(header.patient.sex, record::Sex::kFemale);
}

TEST(HeaderLabels, TellsTheSource) {
  for (const char* line : {"#Source: Ward 3\n", "# source :Ward 3 \r\n", "#SOURCE:\tWard 3"}) {
    const std::string text = std::string(kRecordLine) + line;
    std::vector<std::uint8_t> labels(Classes().size());
    EXPECT_EQ(
        ReadHeaderLabels(text, Classes(), LabelRules::kSensible, labels.data()).patient.source,
        "Ward 3");
  }
  EXPECT_EQ(Read("#Sources: X\n#Source:\n", LabelRules::kOfficial).header.patient.source, "");
}

}  // namespace
}  // namespace ecg::data
