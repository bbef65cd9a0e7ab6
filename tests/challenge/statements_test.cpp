// What statements in words, and codes of other systems, stand for.
#include "ecg/challenge/statements.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/challenge/diagnoses.h"
#include "src/challenge/statement_table.h"
#include "src/challenge/statement_words.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

using Texts = std::vector<std::string>;

// As in "NSR ?LVH !AF", by abbreviations.
std::string InShort(const StatementMeaning& meaning) {
  std::string text;
  for (const Finding& finding : meaning.findings) {
    const Diagnosis* diagnosis = FindDiagnosis(finding.code);
    if (!text.empty()) text += ' ';
    if (finding.certainty == Certainty::kPossible) text += '?';
    if (finding.certainty == Certainty::kDenied) text += '!';
    text += diagnosis != nullptr ? diagnosis->abbreviation : finding.code;
  }
  return text;
}

std::string Said(const std::string& statement) {
  return InShort(StatementTable::Default().Read(statement));
}
std::string Codes(const std::string& system, const std::string& list) {
  return InShort(StatementTable::Default().ReadCodes(system, list));
}

StatementTable Table(const std::string& rows) {
  return StatementTable::Parse("system,text,meaning\n" + rows, "t.csv").value();
}
std::string ErrorOf(const std::string& text) {
  const auto table = StatementTable::Parse(text, "t.csv");
  return table.ok() ? std::string() : table.error().ToString();
}

TEST(Statements, OfMuseStandForDiagnoses) {
  EXPECT_EQ(Said("Normal sinus rhythm"), "NSR");
  EXPECT_EQ(Said("Sinus bradycardia with 1st degree A-V block"), "SB IAVB");
  EXPECT_EQ(Said("Sinus rhythm with occasional Premature ventricular complexes"), "NSR PVC");
  EXPECT_EQ(Said("Atrial fibrillation with rapid ventricular response"), "AF");
  EXPECT_EQ(Said("Incomplete right bundle branch block"), "IRBBB");
  EXPECT_EQ(Said("Right bundle branch block"), "RBBB");
  EXPECT_EQ(Said("Nonspecific ST and T wave abnormality"), "NSSTTA");
  EXPECT_EQ(Said("Nonspecific T wave abnormality"), "TAb");
  EXPECT_EQ(Said("Anteroseptal infarct , age undetermined"), "MI");
  EXPECT_EQ(Said("Minimal voltage criteria for LVH, may be normal variant"), "LVHV");
  EXPECT_EQ(Said("Normal ECG"), "NSR");
  for (const char* text : {"Otherwise normal ECG", "Abnormal ECG", "Borderline ECG"}) {
    EXPECT_EQ(Said(text), "") << text;
    EXPECT_TRUE(StatementTable::Default().Read(text).known) << text;
  }
}

TEST(Statements, OfOtherLanguagesDoToo) {
  EXPECT_EQ(Said("sinusrhythmus ueberdrehter linkstyp linksschenkelblock"), "NSR LAD LBBB");
  EXPECT_EQ(Said("Überdrehter Linkstyp"), "LAD");
  EXPECT_EQ(Said("AV-Block I. Grades"), "IAVB");
  EXPECT_EQ(Said("Ritmo sinusal. Bloqueo incompleto de rama derecha del haz de His"), "NSR IRBBB");
  EXPECT_EQ(Said("Fibrilación auricular"), "AF");
  EXPECT_EQ(Said("Fibrilaci\xF3n auricular"), "AF") << "Latin-1";
  EXPECT_EQ(Said("RITMO SINUSALE"), "NSR");
  EXPECT_EQ(Said("Rythme sinusal avec ESA"), "NSR PAC");
}

TEST(Statements, MayDeny) {
  EXPECT_EQ(Said("No ST elevation, left axis deviation"), "!STE LAD");
  EXPECT_EQ(Said("no evidence of ischemia, infarct or hypertrophy"), "!MIs !MI");
  EXPECT_EQ(Said("no ischemia and infarction. Sinus rhythm"), "!MIs !MI NSR");
  EXPECT_EQ(Said("Kein Anhalt für Ischämie, Linkstyp"), "!MIs LAD");
  EXPECT_EQ(Said("Ritmo sinusal, sin signos de isquemia"), "NSR !MIs");
  EXPECT_EQ(Said("Atrial fibrillation is ruled out"), "!AF");
  EXPECT_EQ(Said("no atrial fibrillation but sinus arrhythmia"), "!AF SA");
  EXPECT_EQ(Said("no changes were seen over the whole night of monitoring: sinus rhythm"), "NSR")
      << "too far away";
}

TEST(Statements, MayDoubt) {
  EXPECT_EQ(Said("Possible Left atrial enlargement"), "?LAE");
  EXPECT_EQ(Said("Cannot rule out Anterior infarct (cited on or before 14-FEB-2011)"), "?AnMI");
  EXPECT_EQ(Said("ST & T wave abnormality, consider inferior ischemia or digitalis effect"),
            "STC TAb ?IIs");
  EXPECT_EQ(Said("V.a. Vorderwandinfarkt"), "?AnMI");
  EXPECT_EQ(Said("linkshypertrophie mÖglich qrs(t) abnorm"), "?LVH abQRS") << "the one before";
  EXPECT_EQ(Said("verdacht auf p-sinistrocardiale ueberdrehter linkstyp"), "?LAE LAD");
  EXPECT_EQ(Said("inferiorer infarkt     wahrscheinlich alt"), "MI") << "only its age is doubtful";
  EXPECT_EQ(Said("inferiorer myokardschaden nicht auszuschliessen"), "?MI");
  EXPECT_EQ(Said("Posible hipertrofia ventricular izquierda"), "?LVH");
  EXPECT_EQ(Said("AF?"), "?AF");
  EXPECT_EQ(Said("LVH possible, left axis deviation"), "?LVH LAD");
  EXPECT_EQ(Said("atrial fibrillation or flutter"), "?AF ?AFL");
}

TEST(Statements, OfAnotherRecordingSayNothingOfThisOne) {
  const std::vector<std::string> statements = {
      "Sinus rhythm", "When compared with ECG of 08-FEB-2015 22:15,",
      "Atrial fibrillation is no longer present", "Left bundle branch block"};
  const auto said = ReadStatements(statements, StatementTable::Default());
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(InShort(said[0]), "NSR");
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(InShort(said[i]), "") << i;
    EXPECT_TRUE(said[i].of_another) << i;
  }
  EXPECT_EQ(Said("Sinus rhythm has replaced Atrial fibrillation. Left axis deviation"), "LAD");
}

TEST(Statements, InBracketsAreReasons) {
  EXPECT_EQ(Said("Nonspecific intraventricular conduction delay [QRSd >115mS, not LBBB/RBBB]"),
            "NSIVCB");
  EXPECT_EQ(Said("Left axis deviation [axis < -30"), "LAD") << "a bracket that is not closed";
}

TEST(Statements, MayBeCodesAndNames) {
  EXPECT_EQ(Said("164889003"), "AF");
  EXPECT_EQ(Said(" AF "), "AF");
  EXPECT_EQ(Said("left ventricular high voltage"), "LVHV");
  EXPECT_EQ(Said("MDC_ECG_RHY_SINUS_RHY"), "NSR");
}

TEST(Statements, NameWhatIsNotUnderstood) {
  const auto meaning =
      StatementTable::Default().Read("Sinus rhythm. Something else; 4.46. Another thing");
  EXPECT_EQ(InShort(meaning), "NSR");
  EXPECT_EQ(meaning.unread, (Texts{"Something else", "Another thing"}));
  EXPECT_FALSE(StatementTable::Default().Read("nothing known").known);
  EXPECT_TRUE(StatementTable::Default().Read("").unread.empty());
}

TEST(Statements, OfARecordingAreTakenTogether) {
  const auto codes = [](const Texts& statements, bool possible) {
    return StatedCodes(ReadStatements(statements, StatementTable::Default()), possible);
  };
  const Texts statements = {"Possible left ventricular hypertrophy", "no atrial fibrillation",
                            "Sinus rhythm", "sinus rhythm"};
  EXPECT_EQ(codes(statements, false), Texts{"426783006"});
  EXPECT_EQ(codes(statements, true), (Texts{"164873001", "426783006"}));
  EXPECT_EQ(codes({"AF?", "Atrial fibrillation"}, false), Texts{"164889003"});
}

// Of the 71 statements of PTB-XL each has a row; what they stand for are the labels of PhysioNet's
// challenge for records that are in both.
TEST(StatementCodes, OfPtbXl) {
  EXPECT_EQ(Codes("scp", "{'NORM': 100.0, 'SR': 0.0}"), "NSR");
  EXPECT_EQ(Codes("scp", "{'ASMI': 50.0, 'LMI': 15.0, 'VCLVH': 0.0, 'AFIB': 0.0}"), "MI LVH AF");
  EXPECT_EQ(Codes("scp", "{'LMI': 15.0, 'ABQRS': 0.0}"), "?MI abQRS");
  EXPECT_EQ(Codes("scp", "LAO/LAE,PRC(S)"), "LAE");
  EXPECT_EQ(Codes("axis", "ALAD"), "LAD");
  const auto unknown = StatementTable::Default().ReadCodes("scp", "{'NORM': 100.0, 'XYZ': 1.0}");
  EXPECT_EQ(unknown.unread, Texts{"XYZ"});
}

TEST(StatementCodes, OfTheAha) {
  EXPECT_EQ(Codes("aha", "22;23"), "SB SA");
  EXPECT_EQ(Codes("aha", "1"), "NSR");
  EXPECT_EQ(Codes("aha", "105+312;60+310"), "?IRBBB PVC");
}

// So that none of its codes is a slip of the pen.
TEST(StatementTable, HasCodesOfTheChallengeAlone) {
  StatementTable::Content content;
  ASSERT_TRUE(content.AddRows(TableText("statements.csv"), "statements.csv").ok());
  const auto expect_known = [](const PhraseMeaning& meaning) {
    for (const std::string& code : meaning.codes) EXPECT_NE(FindDiagnosis(code), nullptr) << code;
  };
  for (const auto& [words, meaning] : content.phrases) expect_known(meaning);
  for (const auto& [code, meaning] : content.codes) expect_known(meaning);
  EXPECT_GT(content.phrases.size(), 1000u);
  EXPECT_GT(content.codes.size(), 150u);
}

TEST(StatementTable, TakesRowsOfUsers) {
  const auto own = StatementTable::Default().With(
      "system,text,meaning\nen,house rhythm,426783006\nen,sinus rhythm,none\nscp,XYZ,164889003\n",
      "own.csv");
  ASSERT_TRUE(own.ok()) << own.error().ToString();
  EXPECT_EQ(InShort(own->Read("House rhythm")), "NSR");
  EXPECT_EQ(InShort(own->Read("Sinus rhythm")), "") << "a user's row comes first";
  EXPECT_EQ(InShort(own->ReadCodes("scp", "XYZ")), "AF");
  EXPECT_EQ(InShort(own->Read("Left axis deviation")), "LAD");
  EXPECT_EQ(Said("House rhythm"), "") << "and stays with the user";
}

TEST(StatementTable, HasAlternativesAndEndings) {
  const StatementTable table = Table("en,(big|small|) (v.|ventr*) beat*,1\nen,qrs(t) wide,2\n");
  for (const char* text : {"big v. beat", "small ventricular beats", "ventr beat"}) {
    EXPECT_EQ(InShort(table.Read(text)), "1") << text;
  }
  EXPECT_EQ(InShort(table.Read("QRS-T wide")), "2");
  EXPECT_EQ(InShort(table.Read("huge beats")), "");
  EXPECT_EQ(Alternatives("a (b|c) (d|)"), (Texts{"a b d", "a b ", "a c d", "a c "}));
  EXPECT_TRUE(Alternatives("(a|(b|c))").empty());
  EXPECT_TRUE(Alternatives("a|b").empty());
}

TEST(StatementTable, ErrorsNameFileLineAndField) {
  EXPECT_EQ(ErrorOf("system,text,meaning\nen,a,x\n").find("t.csv:2: meaning: must be"), 0u);
  EXPECT_EQ(ErrorOf("system,text,meaning\n#,,\nenglish,a,1\n").find("t.csv:3: system: is"), 0u);
  EXPECT_EQ(ErrorOf("system,text,meaning\nen,\"(a|(b|c))\",1\n").find("t.csv:2: text: has a"), 0u);
  EXPECT_EQ(ErrorOf("system,text,meaning\nen,...,1\n").find("t.csv:2: text: holds no word"), 0u);
  EXPECT_NE(ErrorOf("system,text,meaning\nen,a-b,1\nde,A B,2\n").find("two meanings"),
            std::string::npos);
  EXPECT_EQ(ErrorOf("system,text,meaning\nen,a,1\nde,a,1\n"), "");
  EXPECT_NE(ErrorOf("text,meaning\na,1\n").find("the first line must be"), std::string::npos);
  EXPECT_NE(ErrorOf("").find("the first line must be"), std::string::npos);
  EXPECT_NE(ErrorOf("system,text,meaning\nen,a\n").find("three cells"), std::string::npos);
}

TEST(StatementWords, AreWithoutCaseAccentsAndSigns) {
  Texts words;
  for (const StatementWord& word : WordsOfStatement("V.a. Ischämie & Ñ; \"x-y\", AF? [skip] z.")) {
    words.push_back(word.text);
  }
  EXPECT_EQ(words, (Texts{"v", "a", "ischaemie", "and", "n", ".", "x", "y", ",", "af", "?", "z"}));
}

// A statement may be as long as a file and a table as wild as one likes.
TEST(Statements, OfAnyLengthAreReadInBoundedTime) {
  std::string rows;
  for (int i = 0; i < 12; ++i)
    rows += "en," + std::string(static_cast<std::size_t>(i), 'a') + "a* b,1\n";
  std::string text;
  for (int i = 0; i < 300000; ++i) text += "aaaaaaaaaaaaaaaa ";
  EXPECT_TRUE(Table(rows).Read(text).findings.empty());
}

}  // namespace
}  // namespace ecg::challenge
