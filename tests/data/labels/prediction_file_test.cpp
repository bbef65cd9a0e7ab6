#include "ecg/data/labels/prediction_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "ecg/data/labels/prediction_reader.h"

namespace ecg::data {
namespace {

const challenge::ClassSet& Classes() { return challenge::Classes2021(); }

struct Row {
  std::vector<std::uint8_t> decisions = std::vector<std::uint8_t>(Classes().size(), 9);
  std::vector<double> scores = std::vector<double>(Classes().size(), 9);
  unsigned notes = 0;
};

Row Read(const std::string& text, PredictionRules rules = PredictionRules::kSensible) {
  Row row;
  PredictionReader reader(Classes(), rules);
  row.notes = reader.Read(text, row.decisions.data(), row.scores.data()).value();
  return row;
}

std::size_t At(const char* abbreviation) { return *Classes().IndexOfAbbreviation(abbreviation); }

TEST(PredictionFile, IsReadAsItWasWritten) {
  std::vector<std::uint8_t> decisions(Classes().size());
  std::vector<float> scores(Classes().size());
  for (std::size_t k = 0; k < scores.size(); ++k) {
    decisions[k] = k % 3 == 0 ? 1 : 0;
    scores[k] = 1.0f / (3.0f + static_cast<float>(k));
  }
  const Prediction written =
      MakePrediction("A0001", decisions.data(), scores.data(), Classes().classes()).value();
  const std::string text = FormatPrediction(written);
  const Prediction parsed = ParsePrediction(text, "A0001.csv").value();
  EXPECT_EQ(parsed.record, "A0001");
  EXPECT_EQ(parsed.classes, written.classes);
  EXPECT_EQ(parsed.decisions, written.decisions);
  EXPECT_EQ(parsed.scores, written.scores);
  const Row row = Read(text);
  EXPECT_EQ(row.decisions, decisions);
  EXPECT_EQ(row.scores, std::vector<double>(scores.begin(), scores.end()));
  EXPECT_EQ(row.notes, 0u);
}

TEST(PredictionFile, IsNotMadeOfScoresThatAreNotFinite) {
  const std::vector<std::uint8_t> decisions(Classes().size());
  for (const float odd :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    std::vector<float> scores(Classes().size(), 0.5f);
    scores[At("LBBB")] = odd;
    const Result<Prediction> made =
        MakePrediction("X", decisions.data(), scores.data(), Classes().classes());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().ToString(), "X: LBBB: the score is not finite");
  }
}

TEST(PredictionFile, GivesEveryEquivalentCodeItsColumn) {
  const std::vector<std::uint8_t> decisions(Classes().size());
  const std::vector<float> scores(Classes().size(), 0.5f);
  const Prediction prediction =
      MakePrediction("X", decisions.data(), scores.data(), Classes().classes()).value();
  EXPECT_EQ(prediction.classes.size(), 30u);  // 26 classes, 4 of them with two codes
  const std::string text = FormatPrediction(prediction);
  EXPECT_EQ(text.substr(0, 3), "#X\n");
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST(PredictionFile, TellsTrueFromFalseAsTheOfficialScorer) {
  // Ten scored classes, one spelling each.
  const Row row = Read(
      "#id\n"
      "164889003, 164890007,6374002,426627000,270492004,713426002,39732003,445118002,164947007,"
      "251146004\n"
      "1,1.0, 1e0 ,True,t,TRUE,2,nan,0,F\n"
      "0,0,0,0,0,0,0,0,0,0\n");
  EXPECT_EQ(row.decisions[At("AF")], 1);
  EXPECT_EQ(row.decisions[At("AFL")], 1);
  EXPECT_EQ(row.decisions[At("BBB")], 1);
  EXPECT_EQ(row.decisions[At("Brady")], 1);
  EXPECT_EQ(row.decisions[At("IAVB")], 1);
  EXPECT_EQ(row.decisions[At("IRBBB")], 0);  // "TRUE" is none of the four words
  EXPECT_EQ(row.decisions[At("LAD")], 0);
  EXPECT_EQ(row.decisions[At("LAnFB")], 0);
  EXPECT_EQ(row.decisions[At("LPR")], 0);
  EXPECT_EQ(row.decisions[At("LQRSV")], 0);
  EXPECT_EQ(row.notes, kOddDecision);
}

TEST(PredictionFile, MergesEquivalentCodes) {
  const Row row = Read("#id\n59118001,713427006,733534002|164909002,999\n0,1,1,1\n0.2,0.5,0.7,1\n");
  EXPECT_EQ(row.decisions[At("RBBB")], 1);
  EXPECT_DOUBLE_EQ(row.scores[At("RBBB")], 0.35);
  EXPECT_EQ(row.decisions[At("LBBB")], 1);
  EXPECT_DOUBLE_EQ(row.scores[At("LBBB")], 0.7);
  EXPECT_EQ(row.scores[At("NSR")], 0);  // not named in the file
  EXPECT_EQ(row.decisions[At("NSR")], 0);
}

TEST(PredictionFile, CountsScoresThatAreNotFiniteAsZero) {
  const Row row = Read("#id\n59118001,713427006,164889003,426783006\n0,0,0,0\ninf,0.5,nan,x\n");
  EXPECT_DOUBLE_EQ(row.scores[At("RBBB")], 0.25);  // the mean of 0 and 0.5
  EXPECT_EQ(row.scores[At("AF")], 0);
  EXPECT_EQ(row.scores[At("NSR")], 0);
  EXPECT_EQ(row.notes, kScoreNotFinite);
}

TEST(PredictionFile, UnderstandsARunThatFailed) {
  const Row row = Read("#id\n\n\n\n");
  EXPECT_EQ(row.notes, kEmptyPrediction);
  EXPECT_EQ(row.decisions, std::vector<std::uint8_t>(Classes().size()));
  EXPECT_TRUE(ParsePrediction("#id\n\n\n\n", "f").value().classes.empty());
}

TEST(PredictionFile, ReadsLineEndsOfEveryKind) {
  for (const char* text : {"#id\n164889003\n1\n0.5\n", "#id\r\n164889003\r\n1\r\n0.5\r\n",
                           "#id\r164889003\r1\r0.5", "#id\n164889003\n1\n0.5\nmore\nlines"}) {
    const Row row = Read(text);
    EXPECT_EQ(row.decisions[At("AF")], 1) << text;
    EXPECT_EQ(row.scores[At("AF")], 0.5) << text;
  }
}

TEST(PredictionFile, NamesWhatIsMalformed) {
  const auto error = [](const char* text) {
    const Result<Prediction> result = ParsePrediction(text, "X.csv");
    return result ? std::string() : result.error().ToString();
  };
  EXPECT_EQ(error(""), "X.csv: must have 4 lines, has 0");
  EXPECT_EQ(error("#id\n1,2\n0,1\n"), "X.csv:3: must have 4 lines, has 3");
  EXPECT_EQ(error("#id\n1,2\n0\n0,1\n"), "X.csv:3: decisions: 1 entry for 2 classes");
  EXPECT_EQ(error("#id\n1,2\n0,0\n0\n"), "X.csv:4: scores: 1 entry for 2 classes");
}

TEST(PredictionFile, AnErrorLeavesTheRowAlone) {
  Row row;
  PredictionReader reader(Classes(), PredictionRules::kSensible);
  EXPECT_FALSE(
      reader.Read("#id\n164889003,1\n1,1\n0.5\n", row.decisions.data(), row.scores.data()));
  EXPECT_EQ(row.decisions, Row().decisions);
  EXPECT_EQ(row.scores, Row().scores);
}

TEST(PredictionFile, ReadsTheWayOf2020) {
  const PredictionRules rules = PredictionRules::kOfficial2020;
  // Comments and blank lines anywhere, no id line needed; "1.0" is not positive.
  const Row row = Read("\n164889003,426783006\n# note\n1.0,1\n\n0.25,inf\n", rules);
  EXPECT_EQ(row.decisions[At("AF")], 0);
  EXPECT_EQ(row.decisions[At("NSR")], 1);
  EXPECT_EQ(row.scores[At("AF")], 0.25);
  EXPECT_EQ(row.scores[At("NSR")], std::numeric_limits<double>::infinity());
  // NaN takes no part in the mean of equivalents.
  EXPECT_EQ(Read("59118001,713427006\n0,0\nnan,0.5\n", rules).scores[At("RBBB")], 0.5);
  EXPECT_EQ(Read("164889003\n0\nnan\n", rules).scores[At("AF")], 0);
  // Lines of different lengths: all negative.
  const Row bad = Read("164889003,426783006\n1,1\n0.5\n", rules);
  EXPECT_EQ(bad.notes, kBadlyFormatted);
  EXPECT_EQ(bad.decisions[At("AF")], 0);
}

// A model that knows more than the challenge's classes still writes the challenge's file.
TEST(PredictionFile, KeepsThe26WhereAModelKnowsOthersToo) {
  std::vector<challenge::DiagnosisClass> classes = Classes().classes();
  classes.insert(classes.begin() + 1, {"LVH", "left ventricular hypertrophy", {"164873001"}});
  std::vector<std::uint8_t> decisions(27, 0);
  std::vector<float> scores(27, 0.25F);
  decisions[1] = 1;
  scores[2] = 0.75F;
  const Prediction all = MakePrediction("X", decisions.data(), scores.data(), classes).value();
  EXPECT_EQ(all.classes.size(), 30u);
  EXPECT_EQ(all.classes[1], "164890007");
  EXPECT_EQ(all.scores[1], 0.75);
  EXPECT_EQ(std::count(all.decisions.begin(), all.decisions.end(), 1), 0);
  // Any other classes are written as they are.
  classes.resize(3);
  const Prediction few = MakePrediction("X", decisions.data(), scores.data(), classes).value();
  EXPECT_EQ(few.classes, (std::vector<std::string>{"164889003", "164873001", "164890007"}));
}

}  // namespace
}  // namespace ecg::data
