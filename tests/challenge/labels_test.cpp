// What is written in a record as its diagnoses, and which labels that gives.
#include "ecg/challenge/labels.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <set>

#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"
#include "tests/support.h"

namespace ecg::challenge {
namespace {

using Texts = std::vector<std::string>;

// The abbreviations of the classes that are set.
Texts Named(const std::vector<std::uint8_t>& labels, const ClassSet& classes = Classes2021()) {
  Texts names;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    if (labels[k] != 0) names.push_back(classes[k].abbreviation);
  }
  return names;
}

Texts LabelsIn(const Texts& dx) { return Named(LabelsOf(dx, Classes2021(), false)); }

TEST(Diagnoses, AreThe133OfTheChallenge) {
  EXPECT_EQ(Diagnoses().size(), 133u);
  std::size_t scored = 0;
  for (const Diagnosis& diagnosis : Diagnoses()) {
    EXPECT_TRUE(IsCode(diagnosis.code)) << diagnosis.code;
    scored += Classes2021().IndexOfCode(diagnosis.code) ? 1 : 0;
  }
  EXPECT_EQ(scored, 30u);
  EXPECT_TRUE(Classes2021().IndexOfCode(Diagnoses()[29].code));
  EXPECT_FALSE(Classes2021().IndexOfCode(Diagnoses()[30].code));
}

// So that the case of an entry need not matter, and no entry means two things.
TEST(Diagnoses, HaveNoNameInCommonEvenInLowerCase) {
  std::set<std::string> names;
  for (const Diagnosis& diagnosis : Diagnoses()) {
    EXPECT_TRUE(names.insert(diagnosis.code).second) << diagnosis.code;
    EXPECT_TRUE(names.insert(ToLower(diagnosis.abbreviation)).second) << diagnosis.abbreviation;
    EXPECT_TRUE(names.insert(ToLower(diagnosis.name)).second) << diagnosis.name;
  }
}

TEST(FindDiagnosis, UnderstandsCodesAbbreviationsAndNames) {
  const auto code = [](const char* entry) {
    const Diagnosis* found = FindDiagnosis(entry);
    return found == nullptr ? std::string() : found->code;
  };
  for (const char* entry : {"164889003", "AF", "af", "Atrial Fibrillation"}) {
    EXPECT_EQ(code(entry), "164889003") << entry;
  }
  EXPECT_EQ(code("STD"), "429622005");  // not scored
  EXPECT_EQ(code("RBBB"), "59118001");
  EXPECT_EQ(code("CRBBB"), "713427006");
  EXPECT_EQ(code("first-degree AV block"), "270492004");  // the name of the class
  EXPECT_EQ(code("1st degree av block"), "270492004");    // of the diagnosis
  for (const char* entry : {"", " AF", "Normal", "1648890030", "0", "A F", "\xff"}) {
    EXPECT_EQ(FindDiagnosis(entry), nullptr) << entry;
  }
}

// What every entry of the table means as a label must not depend on how it is written.
TEST(LabelsOf, IsTheSameForCodesAbbreviationsAndNames) {
  for (const Diagnosis& diagnosis : Diagnoses()) {
    const auto labels = LabelsOf({diagnosis.code}, Classes2021(), true);
    EXPECT_EQ(LabelsOf({diagnosis.abbreviation}, Classes2021(), true), labels) << diagnosis.code;
    EXPECT_EQ(LabelsOf({ToLower(diagnosis.abbreviation)}, Classes2021(), true), labels);
    EXPECT_EQ(LabelsOf({diagnosis.name}, Classes2021(), true), labels) << diagnosis.code;
  }
  for (const ClassSet* classes : {&Classes2021(), &Classes2020()}) {
    for (std::size_t k = 0; k < classes->size(); ++k) {
      std::vector<std::uint8_t> only(classes->size());
      only[k] = 1;
      EXPECT_EQ(LabelsOf({(*classes)[k].abbreviation}, *classes, false), only);
      EXPECT_EQ(LabelsOf({(*classes)[k].name}, *classes, false), only);
    }
  }
}

TEST(LabelsOf, MergesEquivalentsAndDerivesBundleBranchBlock) {
  const Texts dx = {"59118001", "713427006", "164884008", "nonsense"};
  EXPECT_EQ(Named(LabelsOf(dx, Classes2021(), false)), Texts{"RBBB"});
  EXPECT_EQ(Named(LabelsOf(dx, Classes2021(), true)), (Texts{"BBB", "RBBB"}));
  EXPECT_EQ(Named(LabelsOf({"lbbb"}, Classes2021(), true)), (Texts{"BBB", "LBBB"}));
}

TEST(LabelsOf, TakesListsApart) {
  const Texts both = {"AF", "NSR"};
  for (const char* list : {"AF,NSR", "AF;sinus rhythm", "164889003|426783006", "AF 426783006",
                           " AF ,, NSR; ", "atrial fibrillation,\tnsr"}) {
    EXPECT_EQ(LabelsIn({list}), both) << list;
  }
  // A text of which not every word is understood is no list.
  EXPECT_EQ(LabelsIn({"no AF"}), Texts());
  EXPECT_EQ(LabelsIn({"no AF,NSR"}), Texts{"NSR"});
}

// A header of some megabytes must not become gigabytes of entries.
TEST(ForEachDx, PassesOverWhatNoRecordingHas) {
  const auto count = [](const std::string& entry) {
    std::string list;
    for (int i = 0; i < 5000; ++i) list += entry;
    std::size_t entries = 0;
    ForEachDx(list, Classes2021(), [&](const DxEntry&) { ++entries; });
    return entries;
  };
  EXPECT_EQ(count("AF,"), kMaxDxEntries);
  EXPECT_EQ(count("x; "), kMaxDxEntries);
  EXPECT_EQ(count("AF "), 1u);  // too many words for a list of them
}

TEST(LabelsOf, KnowsTheNamesOfOtherTasksFirst) {
  const ClassSet task(
      {{"NORM", "normal ECG", {"426783006"}}, {"PR", "paced", {}}, {"X", "x", {"7"}}});
  const auto named = [&](const char* entry) { return Named(LabelsOf({entry}, task, false), task); };
  EXPECT_EQ(named("Normal ECG"), Texts{"NORM"});
  EXPECT_EQ(named("NSR"), Texts{"NORM"});  // by its code
  EXPECT_EQ(named("pr"), Texts{"PR"});
  EXPECT_EQ(named("7"), Texts{"X"});
  EXPECT_EQ(named("AF"), Texts());
  EXPECT_EQ(NotUnderstood({"normal ECG", "Normal"}, task), Texts{"Normal"});
  EXPECT_EQ(UnknownCodes({"7", "8"}, task), Texts{"8"});
}

TEST(NotUnderstood, NamesWhatMeansNothing) {
  const Texts dx = {"164889003", "AF", "STD", "Normal", "123", "no AF;RBBB", "Zünd"};
  EXPECT_EQ(NotUnderstood(dx), (Texts{"Normal", "no AF", "Zünd"}));
  EXPECT_EQ(UnknownCodes(dx), Texts{"123"});
}

// Headers in the wild, some of which have abbreviations where the challenge has codes.
TEST(LabelsOf, ReadsTheTextsOfRealHeaders) {
  ECG_NEED_SHARED(unpacked, "data/header_dialects.tar.xz");
  std::size_t with_text = 0;
  std::multiset<std::string> labels, not_understood;
  for (const auto& file : std::filesystem::recursive_directory_iterator(unpacked)) {
    if (file.path().extension() != ".hea") continue;
    const record::EcgInfo info = formats::ReadEcgInfo(file.path()).value();
    if (info.dx.empty() || IsCode(info.dx[0])) continue;
    ++with_text;
    for (const std::string& name : LabelsIn(info.dx)) labels.insert(name);
    for (const std::string& text : NotUnderstood(info.dx)) not_understood.insert(text);
  }
  EXPECT_EQ(with_text, 7u);
  EXPECT_EQ(labels, (std::multiset<std::string>{"AF", "AF", "AF", "PVC", "RBBB"}));  // and STD
  EXPECT_EQ(not_understood, std::multiset<std::string>{"Normal"});
}

}  // namespace
}  // namespace ecg::challenge
