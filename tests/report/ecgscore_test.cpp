// The program itself: exit codes, files, output.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "tests/support.h"

namespace ecg {
namespace {
namespace fs = std::filesystem;

struct Outcome {
  int code = -1;
  std::string text;  // stdout
};

class EcgscoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    program_ = fs::path(ECG_BIN_DIR) / "ecgscore";
    if (!fs::exists(program_)) GTEST_SKIP() << "not built: " << program_;
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

  Outcome Run(const std::string& arguments) {
    const std::string command = "cd '" + folder_.path().string() + "' && '" + program_.string() +
                                "' " + arguments + " 2>stderr.txt";
    Outcome outcome;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[4096];
    for (std::size_t got; (got = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
      outcome.text.append(buffer, got);
    }
    outcome.code = WEXITSTATUS(::pclose(pipe));
    return outcome;
  }
  std::string Stderr() { return ReadFile(folder_ / "stderr.txt").value(); }

  test::TemporaryFolder folder_;
  fs::path program_;
};

TEST_F(EcgscoreTest, PrintsATableAndNothingElse) {
  const Outcome outcome = Run("labels preds");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.text.substr(0, 13), "2 recordings,");
  EXPECT_EQ(Stderr(), "");
}

TEST_F(EcgscoreTest, ReturnsThePromisedExitCodes) {
  EXPECT_EQ(Run("--help").code, 0);
  EXPECT_EQ(Run("labels").code, 2);
  EXPECT_EQ(Run("labels preds --challenge 2019").code, 2);
  EXPECT_EQ(Run("labels preds --fail-under nothing=1").code, 2);
  EXPECT_EQ(Run("labels preds --fail-under challenge").code, 2);
  EXPECT_EQ(Run("labels preds --only a=b").code, 2);
  EXPECT_EQ(Run("nowhere preds").code, 3);
  EXPECT_EQ(Run("labels nowhere").code, 3);
  EXPECT_EQ(Run("labels preds --fail-under challenge=0.99 --fail-under accuracy=1").code, 0);
  EXPECT_EQ(Run("labels preds --fail-under challenge=1.01").code, 5);
  EXPECT_NE(Stderr().find("Challenge metric is 1, below 1.01"), std::string::npos);
  WriteText("labels/A3.hea", "A3 12 500 5000\n#Dx: 164889003\n");
  EXPECT_EQ(Run("labels preds").code, 4);
  EXPECT_NE(Stderr().find("1 record without a prediction: A3"), std::string::npos);
  EXPECT_EQ(Run("labels preds --missing ignore").code, 0);
  EXPECT_EQ(Run("labels preds --official").code, 3);
}

TEST_F(EcgscoreTest, WritesJsonAndCsv) {
  const Outcome outcome = Run("labels preds --json --csv all.csv --bootstrap 0");
  EXPECT_EQ(outcome.code, 0);
  const auto json = nlohmann::json::parse(outcome.text);
  EXPECT_EQ(json["metrics"]["accuracy"]["value"], 1.0);
  EXPECT_EQ(ReadFile(folder_ / "all.csv").value().substr(0, 30), "group,class,metric,value,low,h");
}

TEST_F(EcgscoreTest, WritesTheOfficialFiles) {
  ECG_NEED_SHARED(unpacked, "golden/scoring.tar.xz");
  const fs::path golden = fs::exists(unpacked / "scoring") ? unpacked / "scoring" : unpacked;
  const std::string folders =
      "'" + (golden / "labels").string() + "' '" + (golden / "outputs").string() + "'";
  for (const std::string year : {"2021", "2020"}) {
    const std::string ending = year == "2020" ? "_2020.csv" : ".csv";
    EXPECT_EQ(Run(folders + " --official --challenge " + year + " --official-csv s.csv,c.csv").code,
              0);
    EXPECT_EQ(ReadFile(folder_ / "s.csv").value(), ReadFile(golden / ("scores" + ending)).value());
    EXPECT_EQ(ReadFile(folder_ / "c.csv").value(),
              ReadFile(golden / ("class_scores" + ending)).value());
  }
}

}  // namespace
}  // namespace ecg
