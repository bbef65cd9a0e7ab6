// The program itself: exit codes, files, output.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "tests/process.h"
#include "tests/support.h"

namespace ecg {
namespace {
namespace fs = std::filesystem;

class EcgscoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"A1", "A2"}) {
      WriteText(std::string("labels/") + name + ".hea",
                std::string(name) + " 12 500 5000\n#Dx: 164889003\n");
      WriteText(std::string("preds/") + name + ".csv",
                std::string("#") + name + "\n164889003\n1\n0.75\n");
    }
  }

  void WriteText(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }

  // Words with blanks between them.
  test::Outcome Run(const std::string& arguments) {
    const std::vector<std::string_view> words = SplitWords(arguments);
    return test::RunProgram("ecgscore", {words.begin(), words.end()}, folder_.path());
  }

  test::TemporaryFolder folder_;
};

TEST_F(EcgscoreTest, PrintsATableAndNothingElse) {
  const test::Outcome outcome = Run("labels preds");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out.substr(0, 13), "2 recordings,");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(EcgscoreTest, ReturnsThePromisedExitCodes) {
  EXPECT_EQ(Run("--help").status, 0);
  EXPECT_EQ(Run("labels").status, 2);
  EXPECT_EQ(Run("labels preds --challenge 2019").status, 2);
  EXPECT_EQ(Run("labels preds --fail-under nothing=1").status, 2);
  EXPECT_EQ(Run("labels preds --fail-under challenge").status, 2);
  EXPECT_EQ(Run("labels preds --only a=b").status, 2);
  EXPECT_EQ(Run("nowhere preds").status, 3);
  EXPECT_EQ(Run("labels nowhere").status, 3);
  EXPECT_EQ(Run("labels preds --fail-under challenge=0.99 --fail-under accuracy=1").status, 0);
  const test::Outcome low = Run("labels preds --fail-under challenge=1.01");
  EXPECT_EQ(low.status, 5);
  EXPECT_NE(low.err.find("Challenge metric is 1, below 1.01"), std::string::npos);
  WriteText("labels/A3.hea", "A3 12 500 5000\n#Dx: 164889003\n");
  const test::Outcome incomplete = Run("labels preds");
  EXPECT_EQ(incomplete.status, 4);
  EXPECT_NE(incomplete.err.find("1 record without a prediction: A3"), std::string::npos);
  EXPECT_EQ(Run("labels preds --missing ignore").status, 0);
  EXPECT_EQ(Run("labels preds --official").status, 3);
  EXPECT_EQ(Run("labels preds --csv labels/A1.hea/all.csv").status, 7);
}

TEST_F(EcgscoreTest, WritesJsonAndCsv) {
  const test::Outcome outcome = Run("labels preds --json --csv all.csv --bootstrap 0");
  EXPECT_EQ(outcome.status, 0);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["metrics"]["accuracy"]["value"], 1.0);
  EXPECT_EQ(ReadFile(folder_ / "all.csv").value().substr(0, 30), "group,class,metric,value,low,h");
}

TEST_F(EcgscoreTest, WritesTheOfficialFiles) {
  ECG_NEED_SHARED(unpacked, "golden/scoring.tar.xz");
  const fs::path golden = fs::exists(unpacked / "scoring") ? unpacked / "scoring" : unpacked;
  const std::string folders = (golden / "labels").string() + " " + (golden / "outputs").string();
  for (const std::string year : {"2021", "2020"}) {
    const std::string ending = year == "2020" ? "_2020.csv" : ".csv";
    EXPECT_EQ(
        Run(folders + " --official --challenge " + year + " --official-csv s.csv,c.csv").status, 0);
    EXPECT_EQ(ReadFile(folder_ / "s.csv").value(), ReadFile(golden / ("scores" + ending)).value());
    EXPECT_EQ(ReadFile(folder_ / "c.csv").value(),
              ReadFile(golden / ("class_scores" + ending)).value());
  }
}

TEST_F(EcgscoreTest, ScoresClassesOfOnesOwn) {
  WriteText("mine.csv", "abbreviation,codes,name\nAF,164889003,fibrillation\nMI,164865005,MI\n");
  const test::Outcome outcome = Run("labels preds --classes mine.csv");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("2 recordings, 2 classes, classes of your own"), std::string::npos);
  EXPECT_EQ(outcome.out.find("Challenge metric"), std::string::npos) << outcome.out;
  const auto json =
      nlohmann::json::parse(Run("labels preds --classes mine.csv --json --bootstrap 0").out);
  EXPECT_TRUE(json["challenge"].is_null());
  EXPECT_EQ(json["metrics"].size(), 4u);
  EXPECT_EQ(json["classes"].size(), 2u);
  EXPECT_EQ(Run("labels preds --classes mine.csv --fail-under challenge=0").status, 2);

  WriteText("mine.csv", "abbreviation,codes,name\nAF,164889003,AF\nNSR,426783006,normal\n");
  WriteText("rewards.csv", "class,AF,NSR\nAF,1,0.25\nNSR,0.25,1\n");
  EXPECT_EQ(Run("labels preds --classes mine.csv --rewards rewards.csv --fail-under challenge=0.9")
                .status,
            0);
  for (const char* words :
       {"--rewards rewards.csv", "--classes mine.csv --challenge 2020",
        "--classes mine.csv --official", "--classes mine.csv --official-csv -"}) {
    EXPECT_EQ(Run(std::string("labels preds ") + words).status, 2) << words;
  }
  EXPECT_EQ(Run("labels preds --classes rewards.csv").status, 3);
  EXPECT_EQ(Run("labels preds --classes nowhere.csv").status, 3);
}

}  // namespace
}  // namespace ecg
