#include "ecg/report/run_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "src/report/plot.h"
#include "tests/support.h"

namespace ecg::report {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

TEST(PlotText, DrawsFromTheLargestToTheSmallestValue) {
  // A falling line: dots of the first column are at the top, of the last at the bottom.
  const auto lines = Lines(PlotText("fall", {4, 3, 2, 1}, 11 + 9, 2));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "fall");
  EXPECT_EQ(lines[1].substr(0, 9), "       4 ");
  EXPECT_EQ(lines[2].substr(0, 9), "       1 ");
  EXPECT_EQ(lines[1].substr(9, 3), "\u2809");                 // two dots in the topmost row
  EXPECT_EQ(lines[2].substr(9, 3), "\u2800");                 // nothing below
  EXPECT_EQ(lines[2].substr(lines[2].size() - 3), "\u28C0");  // two in the lowest
}

TEST(PlotText, TakesWhateverThereIs) {
  EXPECT_NE(PlotText("none", {}, 40, 3).find("nothing yet"), std::string::npos);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(PlotText("none", {nan, nan}, 40, 3).find("nothing yet"), std::string::npos);
  EXPECT_EQ(Lines(PlotText("one", {1}, 40, 3)).size(), 4u);
  EXPECT_EQ(Lines(PlotText("gap", {1, nan, 2}, 40, 3)).size(), 4u);
  EXPECT_EQ(Lines(PlotText("many", std::vector<double>(100000, 1), 40, 3)).size(), 4u);
}

class RunReportTest : public testing::Test {
 protected:
  // A run whose challenge metric of every lead set is `figure`.
  RunReport Run(const std::string& name, int seed, double figure, bool finished = true) {
    const auto folder = folder_ / name;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json")
        << R"({"name": ")" << name << R"(", "seed": )" << seed << R"(, "loss": {"kind": "bce"}})";
    std::ofstream lines(folder / "metrics.jsonl");
    lines << R"({"phase":"pretraining","step":0,"loss":9,"learning_rate":0.5})"
          << "\n"
          << R"({"phase":"pretraining","step":1,"epoch":1,"epoch_loss":9,"seconds":10,)"
          << R"("seconds_waiting":1,"seconds_steps":8,"seconds_validation":1,"seconds_saving":0})"
          << "\n"
          << R"({"phase":"training","step":1,"loss":4,"learning_rate":0.25})"
          << "\n"
          << R"({"phase":"training","step":2,"refused":true})"
          << "\n"
          << R"({"phase":"training","step":2,"epoch":1,"epoch_loss":4,"seconds":10,)"
          << R"("seconds_waiting":0,"seconds_steps":10,"seconds_validation":0,"seconds_saving":0,)"
          << R"("validation_challenge_metric":null,"validation_auroc":0.75})"
          << "\n";
    if (finished) {
      Json sets = Json::object();
      for (const char* set : {"12", "6", "4", "3", "2"}) {
        sets[set]["bundle_thresholds"] = {
            {"challenge_metric", figure}, {"auroc", 0.9}, {"auprc", 0.5}};
      }
      lines << DumpJsonLine({{"final", {{"validation", sets}}}}) << "\n";
    }
    lines << R"({"phase":"trai)";  // being written
    lines.close();
    return ReadRun(folder).value();
  }

  test::TemporaryFolder folder_;
};

TEST_F(RunReportTest, ReadsWhatARunHasWritten) {
  const RunReport run = Run("one", 1, 0.5, /*finished=*/false);
  EXPECT_EQ(run.name, "one");
  EXPECT_EQ(run.figures.losses, (std::vector<double>{9, 4}));
  EXPECT_EQ(run.figures.learning_rate, 0.25);
  ASSERT_EQ(run.figures.epochs.size(), 2u);
  EXPECT_TRUE(std::isnan(run.figures.epochs[1].validation.challenge));
  EXPECT_EQ(run.figures.epochs[1].validation.auroc, 0.75);
  EXPECT_FALSE(run.finished());
  const std::string text = CurvesText(run, 60);
  EXPECT_NE(text.find("one: goes on, 2 steps, 2 epochs"), std::string::npos) << text;
  EXPECT_EQ(text.find("challenge metric"), std::string::npos);  // it has none
  EXPECT_NE(text.find("steps 90.0 %, waiting for records 5.0 %"), std::string::npos) << text;
  EXPECT_TRUE(Run("one", 1, 0.5).finished());
  EXPECT_FALSE(ReadRun(folder_ / "none").ok());
}

TEST_F(RunReportTest, ComparesWhatDiffers) {
  const std::string text = ComparisonText({Run("a", 1, 0.5), Run("b", 2, 0.625)});
  EXPECT_NE(text.find("seed"), std::string::npos) << text;
  EXPECT_EQ(text.find("loss.kind"), std::string::npos) << text;
  EXPECT_NE(text.find("validation, 12 leads, challenge metric  0.500  0.625"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("test, "), std::string::npos);
  EXPECT_EQ(text.find("warning"), std::string::npos);
  RunReport other = Run("c", 3, 0.5);
  std::ofstream(folder_ / "c/split.csv") << "record,split,source\nA2,val,x\nA1,val,x\nA3,train,x\n";
  other = ReadRun(folder_ / "c").value();
  EXPECT_EQ(other.validation_records, (std::vector<std::string>{"A1", "A2"}));
  EXPECT_NE(ComparisonText({Run("a", 1, 0.5), other}).find("different records (a on 0, c on 2)"),
            std::string::npos);
}

TEST_F(RunReportTest, AStudyHasMeansDeviationsAndPairedIntervals) {
  const std::vector<StudyVariant> study = {
      {"plain", {Run("p1", 1, 0.5), Run("p2", 2, 0.6)}},
      {"better", {Run("b1", 1, 0.53), Run("b2", 2, 0.65)}},
  };
  const std::string text = StudyText(study);
  EXPECT_NE(text.find("over 2 seeds"), std::string::npos) << text;
  EXPECT_NE(text.find("0.550 +- 0.071"), std::string::npos) << text;
  // Differences of 0.03 and 0.05: 0.04 +- 12.706 * 0.01414 / sqrt(2).
  EXPECT_NE(text.find("+0.040 [-0.087, +0.167]"), std::string::npos) << text;
  const std::string csv = StudyCsv(study);
  EXPECT_NE(csv.find("better,2,validation,12,0.650000,0.900000,0.500000,-,-\n"), std::string::npos)
      << csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 4 * 5);
}

}  // namespace
}  // namespace ecg::report
