#include "ecg/data/labels/score_input.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "ecg/score/metrics.h"
#include "tests/core/encodings.h"
#include "tests/support.h"

namespace ecg::data {
namespace {
namespace fs = std::filesystem;

std::string Header(const std::string& name, const std::string& dx, int leads = 12) {
  return name + " " + std::to_string(leads) + " 500 5000\n#Age: 50\n" + dx + "\n";
}

std::string Csv(const std::string& name, const std::string& code, const std::string& score) {
  return "#" + name + "\n" + code + "\n1\n" + score + "\n";
}

// Without the care of WriteFileAtomic, which takes its time.
void WriteText(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

class ScoreInputTest : public ::testing::Test {
 protected:
  void AddLabel(const std::string& path, const std::string& dx, int leads = 12) {
    WriteText(folder_ / "labels" / (path + ".hea"), Header(path, dx, leads));
  }
  void AddPrediction(const std::string& path, const std::string& code = "164889003",
                     const std::string& score = "0.75", const std::string& set = "preds") {
    WriteText(folder_ / set / (path + ".csv"), Csv(path, code, score));
  }
  Result<ScoreInput> Read(const InputOptions& options = {}, const std::string& labels = "labels",
                          const std::vector<std::string>& sets = {"preds"}) {
    std::vector<fs::path> predictions;
    for (const std::string& set : sets) predictions.push_back(folder_ / set);
    return ReadScoreInput(folder_ / labels, predictions, options);
  }
  void WriteTable(const std::string& name, const std::string& text) {
    WriteText(folder_ / name, text);
  }

  test::TemporaryFolder folder_;
};

std::string Names(const ScoreInput& input) {
  std::string names;
  for (const ScoredRecord& record : input.records) names += record.name + " ";
  return names;
}

// "kind:records ..." of all input_notes.
std::string Notes(const ScoreInput& input) {
  std::string text;
  for (const InputNote& note : input.input_notes) {
    text += std::string(NameOf(note.kind)) + ":";
    for (const InputNote::Place& place : note.places) text += place.record + ",";
    text.back() = ' ';
  }
  return text;
}

std::size_t Af() { return *challenge::Classes2021().IndexOfAbbreviation("AF"); }

TEST_F(ScoreInputTest, PairsMirroredFolders) {
  AddLabel("g1/A1", "#Dx: 164889003");
  AddLabel("g2/A1", "#Dx: 426783006", 2);
  AddPrediction("g1/A1", "164889003", "0.25");
  AddPrediction("g2/A1", "164889003", "0.5");
  const ScoreInput input = Read().value();
  EXPECT_EQ(Names(input), "g1/A1 g2/A1 ");
  const score::Outcomes& outcomes = input.outcomes.at(0);
  ASSERT_EQ(outcomes.recordings, 2u);
  EXPECT_EQ(outcomes.labels[Af()], 1);
  EXPECT_EQ(outcomes.labels[26 + Af()], 0);
  EXPECT_EQ(outcomes.scores[Af()], 0.25);
  EXPECT_EQ(outcomes.scores[26 + Af()], 0.5);
  EXPECT_EQ(input.records[0].leads, 12u);
  EXPECT_EQ(input.records[1].leads, 2u);
  EXPECT_EQ(input.records[0].source, "CPSC");
  EXPECT_EQ(Notes(input), "");
}

TEST_F(ScoreInputTest, PairsNestedLabelsWithFlatPredictions) {
  AddLabel("g1/A1", "#Dx: 164889003");
  AddLabel("g2/A2", "#Dx: 426783006");
  AddPrediction("A1");
  AddPrediction("A2");
  EXPECT_EQ(Names(Read().value()), "g1/A1 g2/A2 ");
}

TEST_F(ScoreInputTest, RefusesToGuessWhichOfTwoNamesakesIsMeant) {
  AddLabel("g1/A1", "#Dx: 164889003");
  AddLabel("g2/A1", "#Dx: 426783006");
  AddLabel("g2/A2", "#Dx: 426783006");
  AddPrediction("A1");
  AddPrediction("A2");
  const ScoreInput input = Read().value();
  EXPECT_EQ(Names(input), "g2/A2 ");
  EXPECT_EQ(Notes(input), "ambiguous_prediction:g1/A1,g2/A1 surplus_prediction:A1 ");
  EXPECT_EQ(input.failed, 2u);
}

TEST_F(ScoreInputTest, NamesMissingSurplusAndMalformedFiles) {
  for (const char* name : {"A1", "A2", "A3", "A4"}) AddLabel(name, "#Dx: 164889003");
  AddPrediction("A1");
  AddPrediction("A3");
  AddPrediction("A9");
  WriteTable("preds/A4.csv", "#A4\n164889003\n1\n");
  WriteTable("preds/failed.csv", "record,reason\n");
  const ScoreInput input = Read().value();
  EXPECT_EQ(Names(input), "A1 A3 ");
  EXPECT_EQ(Notes(input), "missing_prediction:A2 bad_prediction:A4 surplus_prediction:A9 ");
  EXPECT_EQ(input.input_notes[1].places[0].detail,
            (folder_ / "preds/A4.csv").string() + ":3: must have 4 lines, has 3");
  EXPECT_EQ(input.failed, 2u);
  EXPECT_EQ(input.outcomes[0].scores[26 + Af()], 0.75);  // the gap of A2 is closed
}

// A list of failures is known by its content, so that a record may have any name.
TEST_F(ScoreInputTest, TellsAListOfFailuresFromAPrediction) {
  for (const char* name : {"failed", "failed-records", "A1"}) {
    AddLabel(name, "#Dx: 164889003");
    AddPrediction(name);
  }
  EXPECT_EQ(Names(Read().value()), "A1 failed-records failed ");
  for (const char* line : {"record,reason\nA2,broken\n", "record,reason\r\n", "record,reason"}) {
    WriteTable("preds/failed.csv", line);
    WriteTable("preds/failed-records.csv", line);
    const ScoreInput input = Read().value();
    EXPECT_EQ(Names(input), "A1 ");
    EXPECT_EQ(Notes(input), "missing_prediction:failed-records,failed ");
  }
  WriteTable("preds/failed.csv", "record,reasons\n");
  EXPECT_EQ(Notes(Read().value()), "missing_prediction:failed-records bad_prediction:failed ");
  WriteTable("preds/sub/failed.csv", "record,reason\n");  // not in the root
  WriteTable("preds/list.csv", "record,reason\n");
  EXPECT_EQ(Notes(Read().value()),
            "missing_prediction:failed-records bad_prediction:failed "
            "surplus_prediction:list,sub/failed ");
}

TEST_F(ScoreInputTest, ScoresRecordsWithoutPredictionAsTold) {
  for (const char* name : {"A1", "A2", "A3"}) AddLabel(name, "#Dx: 164889003");
  AddPrediction("A1");
  WriteTable("preds/A3.csv", "damaged");
  InputOptions options;
  options.missing = MissingPolicy::kNegative;
  const ScoreInput negative = Read(options).value();
  EXPECT_EQ(Names(negative), "A1 A2 A3 ");
  EXPECT_EQ(negative.failed, 2u);
  EXPECT_EQ(negative.outcomes[0].decisions[26 + Af()], 0);
  EXPECT_EQ(negative.outcomes[0].scores[26 + Af()], 0);
  options.missing = MissingPolicy::kIgnore;
  const ScoreInput ignored = Read(options).value();
  EXPECT_EQ(Names(ignored), "A1 ");
  EXPECT_EQ(ignored.failed, 1u);  // a damaged file is never expected
}

TEST_F(ScoreInputTest, KeepsTwoSetsOfPredictionsComparable) {
  for (const char* name : {"A1", "A2", "A3"}) AddLabel(name, "#Dx: 164889003");
  for (const char* name : {"A1", "A3"}) AddPrediction(name);
  for (const char* name : {"A2", "A3"}) AddPrediction(name, "164889003", "0.5", "others");
  const ScoreInput input = Read({}, "labels", {"preds", "others"}).value();
  EXPECT_EQ(Names(input), "A3 ");
  EXPECT_EQ(input.outcomes[0].scores[Af()], 0.75);
  EXPECT_EQ(input.outcomes[1].scores[Af()], 0.5);
  EXPECT_EQ(input.outcomes[1].labels, input.outcomes[0].labels);
}

TEST_F(ScoreInputTest, IsAnErrorWhereNothingCanBeScored) {
  EXPECT_EQ(Read().error().kind, ErrorKind::kInput);  // no folder at all
  AddLabel("A1", "#Dx: 164889003");
  EXPECT_FALSE(Read());
  AddPrediction("A2");
  EXPECT_FALSE(Read());
}

TEST_F(ScoreInputTest, OfficialReadsOneFlatFolderAndFailsWithTheFirstMissingFile) {
  AddLabel("A1", "# Dx: 164889003");
  AddLabel("A2", "#Dx: 164889003");
  AddLabel("sub/A3", "#Dx: 164889003");
  AddPrediction("A1");
  InputOptions options;
  options.official = true;
  const Result<ScoreInput> missing = Read(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().ToString(), "Output file A2.csv not found for label file A2.hea.");
  AddPrediction("A2");
  AddPrediction("A9");
  const ScoreInput input = Read(options).value();
  EXPECT_EQ(Names(input), "A1 A2 ");
  EXPECT_EQ(input.outcomes[0].labels[Af()], 0);  // "# Dx:" is not seen
  EXPECT_EQ(input.outcomes[0].labels[26 + Af()], 1);
}

TEST_F(ScoreInputTest, OfficialOf2020NeedsADxLine) {
  AddLabel("A1", "#Rx: Unknown");
  AddPrediction("A1");
  InputOptions options;
  options.official = true;
  EXPECT_TRUE(Read(options));
  options.scoring = score::Challenge::k2020;
  EXPECT_FALSE(Read(options));
}

TEST_F(ScoreInputTest, ReadsLabelsFromATableOfCodes) {
  AddPrediction("A1");
  AddPrediction("sub/A2");
  WriteTable("labels.csv",
             "record,source,dx,split,leads\n"
             "A1,Mine,\"164889003,59118001\",val,12\n"
             "sub/A2.hea,,426783006;AF,val,6\n"
             "A3,Mine,164889003,train,12\n");
  InputOptions options;
  options.only = {"split", "val"};
  const ScoreInput input = Read(options, "labels.csv").value();
  EXPECT_EQ(Names(input), "A1 sub/A2 ");
  EXPECT_EQ(input.records[0].source, "Mine");
  EXPECT_EQ(input.records[1].leads, 6u);
  EXPECT_EQ(input.outcomes[0].labels[Af()], 1);
  EXPECT_EQ(input.outcomes[0].labels[26 + Af()], 1);
  EXPECT_EQ(Notes(input), "");
}

TEST_F(ScoreInputTest, NamesTheDiagnosesThatItPassesOver) {
  AddLabel("A1", "#Dx: Normal,164889003");
  AddLabel("A2", "#Dx: 123");
  AddLabel("A3", "#Dx: Strange");  // not scored, so not named
  for (const char* name : {"A1", "A2"}) AddPrediction(name);
  const ScoreInput input = Read().value();
  EXPECT_EQ(Notes(input), "missing_prediction:A3 text_label:A1 unknown_code:A2 ");
  EXPECT_EQ(input.input_notes[1].places[0].detail, "A1: \"Normal\"");
  EXPECT_EQ(input.input_notes[2].places[0].detail, "A2: 123");
  WriteTable("labels.csv", "record;dx\nA1;Normal,AF\nA2;atrial fibrillation\n");
  const ScoreInput table = Read({}, "labels.csv").value();
  EXPECT_EQ(Notes(table), "text_label:A1 ");
  EXPECT_EQ(table.outcomes[0].labels[Af()], 1);
  EXPECT_EQ(table.outcomes[0].labels[26 + Af()], 1);
}

TEST_F(ScoreInputTest, TakesTheSourceFromTheHeader) {
  AddLabel("A1", "#Source: Ward 3\n#Dx: 164889003");
  AddLabel("A2", "#Dx: 164889003");
  for (const char* name : {"A1", "A2"}) AddPrediction(name);
  const ScoreInput input = Read().value();
  EXPECT_EQ(input.records[0].source, "Ward 3");
  EXPECT_EQ(input.records[1].source, "CPSC");
}

TEST_F(ScoreInputTest, ReadsLabelsAndPredictionsFromTablesOfClasses) {
  WriteTable("labels.csv", "ecg_id;AF;164909002|733534002\nA1;1;0\nA2;0;1.0\n");
  WriteTable("preds.csv",
             "record,AF,713427006,59118001,NSR,NSR_decision\n"
             "A2,0.25,0.5,0.75,0.9,0\nA1,0.5,nan,0.5,0.1,1\n");
  const ScoreInput input = Read({}, "labels.csv", {"preds.csv"}).value();
  EXPECT_EQ(Names(input), "A1 A2 ");
  const challenge::ClassSet& classes = challenge::Classes2021();
  const std::size_t rbbb = *classes.IndexOfAbbreviation("RBBB");
  const score::Outcomes& outcomes = input.outcomes[0];
  EXPECT_EQ(outcomes.labels[Af()], 1);
  EXPECT_EQ(outcomes.labels[26 + *classes.IndexOfAbbreviation("LBBB")], 1);
  EXPECT_EQ(outcomes.scores[Af()], 0.5);
  EXPECT_EQ(outcomes.decisions[Af()], 1);  // at the threshold
  EXPECT_EQ(outcomes.decisions[26 + Af()], 0);
  EXPECT_EQ(outcomes.scores[26 + rbbb], 0.625);
  EXPECT_EQ(outcomes.scores[rbbb], 0.25);  // NaN counts as 0
  EXPECT_EQ(outcomes.decisions[*classes.normal_index()], 1);
  EXPECT_EQ(outcomes.decisions[26 + *classes.normal_index()], 0);
  EXPECT_EQ(Notes(input), "score_not_finite:A1 ");
}

TEST_F(ScoreInputTest, ErrorsInTablesNameLineAndColumn) {
  AddPrediction("A1");
  const auto error = [&](const std::string& text) {
    WriteTable("labels.csv", text);
    const Result<ScoreInput> result = Read({}, "labels.csv");
    return result ? std::string()
                  : result.error().ToString().substr(folder_.path().string().size());
  };
  EXPECT_EQ(error("record,AF\nA1,1\nA2,yes\n"), "/labels.csv:3: AF: must be 0 or 1, is \"yes\"");
  EXPECT_EQ(error("record,AF\nA1\n"), "/labels.csv:2: has 1 cell instead of 2");
  EXPECT_EQ(
      error("record,age\nA1,1\n"),
      "/labels.csv:1: neither a column dx nor a column named after a scored class, but record, "
      "age");
  EXPECT_EQ(error("record,dx\nA1,\"1\n"), "/labels.csv:2: a quote without end");
  EXPECT_EQ(error(""), "/labels.csv: the table is empty");
}

// What is official is read byte for byte.
TEST_F(ScoreInputTest, ReadsTextInAnyEncoding) {
  const std::string header = "A1 12 500 5000\r#Age: 50\r#Dx: 164889003\r";
  const std::string prediction = "#A1\r164889003\r1\r0.75\r";
  const std::string table = "record,dx\rA1,164889003\r";
  for (const auto& encode :
       {+[](const std::string& text) { return text; },
        +[](const std::string& text) { return test::MarkedUtf16(text); },
        +[](const std::string& text) { return test::MarkedUtf16(text, true); }}) {
    WriteText(folder_ / "labels/A1.hea", encode(header));
    WriteText(folder_ / "preds/A1.csv", encode(prediction));
    WriteTable("labels.csv", encode(table));
    for (const char* labels : {"labels", "labels.csv"}) {
      const ScoreInput input = Read({}, labels).value();
      EXPECT_EQ(Names(input), "A1 ") << labels;
      EXPECT_EQ(input.outcomes[0].labels[Af()], 1);
      EXPECT_EQ(input.outcomes[0].scores[Af()], 0.75);
    }
  }
  InputOptions official;
  official.official = true;
  EXPECT_EQ(Read(official)->outcomes[0].labels[Af()], 0);
  WriteText(folder_ / "labels/A1.hea", test::Utf16(header));
  AddLabel("A2", "#Dx: 164889003");
  AddPrediction("A2");
  const ScoreInput rest = Read().value();
  EXPECT_EQ(Notes(rest), "bad_labels:A1 ");
  EXPECT_EQ(rest.input_notes.at(0).places.at(0).detail,
            (folder_ / "labels/A1.hea").string() +
                ": looks like UTF-16 without a byte order mark: save it as UTF-8");
}

TEST_F(ScoreInputTest, ARecordGivenTwiceInATableIsAmbiguous) {
  AddLabel("A1", "#Dx: 164889003");
  AddLabel("A2", "#Dx: 164889003");
  WriteTable("preds.csv", "record,AF\nA1,0.5\nA1,0.6\nA2,0.7\n");
  const ScoreInput input = Read({}, "labels", {"preds.csv"}).value();
  EXPECT_EQ(Names(input), "A2 ");
  EXPECT_EQ(input.input_notes[0].kind, InputNoteKind::kAmbiguousPrediction);
}

// As in tables of one diagnosis a row.
TEST_F(ScoreInputTest, RowsOfOneRecordAreTakenTogether) {
  WriteTable("labels.csv", "record,dx\nA1,164889003\nA2,NSR\nA1,59118001\n");
  WriteTable("classes.csv", "record,AF,RBBB,NSR\nA1,1,0,0\nA2,0,0,1\nA1,0,1,0\n");
  for (const char* name : {"A1", "A2"}) AddPrediction(name);
  const auto rbbb = *challenge::Classes2021().IndexOfAbbreviation("RBBB");
  for (const char* table : {"labels.csv", "classes.csv"}) {
    const ScoreInput input = Read({}, table).value();
    EXPECT_EQ(Names(input), "A1 A2 ") << table;
    EXPECT_EQ(input.outcomes[0].labels[Af()], 1);
    EXPECT_EQ(input.outcomes[0].labels[rbbb], 1);
    EXPECT_EQ(input.outcomes[0].labels[26 + rbbb], 0);
    EXPECT_EQ(Notes(input), "several_rows:A1 ");
  }
}

// Whatever a class is called in a Dx line, it may be called in a column and in a prediction.
TEST_F(ScoreInputTest, ColumnsAreNamedAsDiagnosesAre) {
  WriteTable("wide.csv", "record,AF,RBBB,NSR,PVC\nA1,1,0,0,0\nA2,0,1,1,1\n");
  const std::vector<std::uint8_t> expected = [&] {
    AddPrediction("A1");
    AddPrediction("A2");
    return Read({}, "wide.csv").value().outcomes[0].labels;
  }();
  for (const char* heading :
       {"record,af,rbbb,nsr,pvc", "record,atrial fibrillation,CRBBB,SNR,VPB",
        "record,164889003.0,complete right bundle branch block,sinus rhythm,17338001"}) {
    WriteTable("named.csv", heading + std::string("\nA1,1,0,0,0\nA2,0,1,1,1\n"));
    const ScoreInput labels = Read({}, "named.csv").value();
    EXPECT_EQ(labels.outcomes[0].labels, expected) << heading;
    EXPECT_TRUE(labels.warnings.empty()) << labels.warnings[0];
    const ScoreInput predicted = Read({}, "wide.csv", {"named.csv"}).value();
    EXPECT_EQ(predicted.outcomes[0].decisions, expected) << heading;
  }
  WriteText(folder_ / "named/A1.csv", "#A1\natrial fibrillation,SNR\n1,0\n0.75,0.25\n");
  const ScoreInput file = Read({}, "wide.csv", {"named"}).value();
  EXPECT_EQ(file.outcomes[0].scores[Af()], 0.75);
  InputOptions official;
  official.official = true;
  AddLabel("A1", "#Dx: 164889003");
  EXPECT_EQ(Read(official, "labels", {"named"}).value().outcomes[0].scores[Af()], 0);
}

TEST_F(ScoreInputTest, ColumnsThatMayBeMeantAreNamed) {
  WriteTable("labels.csv", "record,age,site,afib2,AF,old\nA1,60,x,1,1,0.5\nA2,70,y,0,0,1\n");
  WriteTable("preds.csv",
             "record,uncertainty,AF,AF_sd,Foo,Foo_decision\nA1,0.1,0.5,0.1,0.2,1\n"
             "A2,0.1,0.5,0.1,0.2,1\n");
  const ScoreInput input = Read({}, "labels.csv", {"preds.csv"}).value();
  ASSERT_EQ(input.warnings.size(), 2u);
  EXPECT_NE(input.warnings[0].find("no diagnosis: afib2"), std::string::npos);
  EXPECT_EQ(input.warnings[0].find("site"), std::string::npos);
  EXPECT_NE(input.warnings[1].find("no diagnosis: Foo, Foo_decision"), std::string::npos);
}

TEST_F(ScoreInputTest, ADecimalCommaIsOneAndATextIsNoNumber) {
  AddLabel("A1", "#Dx: 164889003");
  WriteTable("preds.csv", "record;AF;NSR\nA1;0,75;0,25\n");
  const ScoreInput input = Read({}, "labels", {"preds.csv"}).value();
  EXPECT_EQ(input.outcomes[0].scores[Af()], 0.75);
  EXPECT_EQ(Notes(input), "");
  WriteTable("preds.csv", "record,AF,NSR\nA1,0.5,high\n");
  const Result<ScoreInput> wrong = Read({}, "labels", {"preds.csv"});
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().ToString().find("preds.csv:2: NSR: is no number: \"high\""),
            std::string::npos);
}

// As of a recording that could not be predicted.
TEST_F(ScoreInputTest, ARowWithoutAnyScoreIsNoPrediction) {
  for (const char* name : {"A1", "A2"}) AddLabel(name, "#Dx: 164889003");
  WriteTable("preds.csv", "record,AF_decision,AF\nA1,,\nA2,1,0.75\n");
  const ScoreInput input = Read({}, "labels", {"preds.csv"}).value();
  EXPECT_EQ(Notes(input), "missing_prediction:A1 ");
}

TEST_F(ScoreInputTest, CodesMayBeWrittenAsProgramsDo) {
  AddPrediction("A1");
  for (const char* dx : {"164889003.0", "1.64889003E+08", "\"['164889003', '59118001']\"", "['AF']",
                         "{164889003}"}) {
    WriteTable("labels.csv", std::string("record,dx\nA1,") + dx + "\n");
    const Result<ScoreInput> input = Read({}, "labels.csv");
    ASSERT_TRUE(input.ok()) << dx << ": " << input.error().ToString();
    EXPECT_EQ(input->outcomes[0].labels[Af()], 1) << dx;
    EXPECT_EQ(Notes(*input), "") << dx;
  }
}

TEST_F(ScoreInputTest, NothingUnderstoodIsAnError) {
  const auto error = [&](const std::string& labels) {
    const Result<ScoreInput> result = Read({}, labels);
    return result.ok() ? std::string() : result.error().ToString();
  };
  AddPrediction("A1");
  WriteTable("labels.csv", "record,dx\nA1,Strange\n");
  EXPECT_EQ(error("labels.csv"),
            "not one diagnosis of the labels is understood, as in A1: \"Strange\"");
  AddLabel("A1", "#Rx: Unknown");
  EXPECT_NE(error("labels").find("Dx line"), std::string::npos);
  AddLabel("A1", "#Dx: 164889003");
  EXPECT_EQ(error("labels"), "");
  AddPrediction("A1", "164889003;426783006", "0.5");
  EXPECT_NE(error("labels").find("not one prediction is of a scored class"), std::string::npos);
  InputOptions official;
  official.official = true;
  EXPECT_TRUE(Read(official).ok());
}

TEST_F(ScoreInputTest, DoesNotDependOnTheNumberOfThreads) {
  for (int i = 0; i < 600; ++i) {
    AddLabel("A" + std::to_string(i), i % 7 == 0 ? "# Dx: 164889003" : "#Dx: 426783006");
    if (i % 11 != 0) AddPrediction("A" + std::to_string(i), "164889003", std::to_string(i));
  }
  InputOptions options;
  options.threads = 1;
  const ScoreInput one = Read(options).value();
  options.threads = 4;
  const ScoreInput four = Read(options).value();
  EXPECT_EQ(Names(one), Names(four));
  EXPECT_EQ(Notes(one), Notes(four));
  EXPECT_EQ(one.outcomes[0].scores, four.outcomes[0].scores);
}

TEST_F(ScoreInputTest, ReadsTheDialectsOfRealHeaders) {
  ECG_NEED_SHARED(unpacked, "data/header_dialects.tar.xz");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(unpacked)) {
    if (entry.path().extension() != ".hea") continue;
    AddPrediction(fs::relative(entry.path(), unpacked).replace_extension().string());
  }
  const ScoreInput input = ReadScoreInput(unpacked, {folder_ / "preds"}, InputOptions()).value();
  std::map<InputNoteKind, std::size_t> counts;
  for (const InputNote& note : input.input_notes) counts[note.kind] = note.places.size();
  EXPECT_GT(counts[InputNoteKind::kUnofficialDx], 0u);  // "# Dx:" of the 1.0.3 release, and "AF"
  EXPECT_GT(counts[InputNoteKind::kTextLabel], 0u);     // "Normal"
}

TEST_F(ScoreInputTest, TakesClassesOfOnesOwn) {
  WriteTable("labels.csv", "record,why,weight,LVH,old\nA1,doubt: LVH,1,1,\nA2,,1,0,0\nA3,,1,,\n");
  WriteTable("preds.csv",
             "record,LVH,LVH_decision,old,AF\nA1,0.9,1,0.1,1\nA2,0.2,0,0.6,0\nA3,1,1,1,1\n");
  InputOptions options;
  options.scoring = score::Scoring(challenge::ClassSet(
      {{"LVH", "hypertrophy", {"164873001"}}, {"old", "older than 80", {"over_80"}}}));
  const ScoreInput input = Read(options, "labels.csv", {"preds.csv"}).value();
  EXPECT_EQ(Names(input), "A1 A2 ");  // nobody has filled in A3
  EXPECT_EQ(input.outcomes[0].labels, (std::vector<std::uint8_t>{1, 0, 0, 0}));
  EXPECT_EQ(input.outcomes[0].decisions, (std::vector<std::uint8_t>{1, 0, 0, 1}));
  ASSERT_EQ(input.warnings.size(), 1u);
  EXPECT_NE(input.warnings[0].find("1 row without any label is passed over"), std::string::npos);
  AddLabel("A1", "#Dx: 164873001,over_80");
  WriteText(folder_ / "files/A1.csv", "#A1\n164873001,over_80\n1,0\n0.5,0.25\n");
  const ScoreInput files = Read(options, "labels", {"files"}).value();
  EXPECT_EQ(files.outcomes[0].labels, (std::vector<std::uint8_t>{1, 1}));
  EXPECT_EQ(files.outcomes[0].scores, (std::vector<double>{0.5, 0.25}));
}

// What ecgpredict --choose leaves beside the predictions.
TEST_F(ScoreInputTest, TheListOfThoseToLabelIsNoPrediction) {
  AddLabel("A1", "#Dx: 164889003");
  AddPrediction("A1");
  WriteTable("preds/choose.csv", "record,why,source,weight,AF\nA1,random: AF,,1,\n");
  EXPECT_EQ(Notes(Read().value()), "");
  WriteText(folder_ / "labels/choose.hea", Header("choose", "#Dx: 164889003"));
  WriteText(folder_ / "preds/choose.csv", Csv("choose", "164889003", "0.5"));
  EXPECT_EQ(Names(Read().value()), "A1 choose ");
}

}  // namespace
}  // namespace ecg::data
