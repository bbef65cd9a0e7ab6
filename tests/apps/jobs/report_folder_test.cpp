#include "ecg/apps/jobs/report_folder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/apps/jobs/report_record.h"
#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/data/labels/prediction_set.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kAf[] = "#A0001\n164889003,426783006\n1,0\n0.9,0.2\n";
constexpr char kNormal[] = "#A0002\n164889003,426783006\n0,1\n0.1,0.8\n";

class ReportFolderTest : public testing::Test {
 protected:
  ReportFolderTest() {
    for (const char* name : {"A0001", "A0002"}) {
      test::TestRecord record;
      record.name = name;
      record.signal = [](std::size_t, double t) {
        return std::exp(-0.5 * std::pow((std::fmod(t, 0.8) - 0.4) / 0.012, 2));
      };
      test::WriteRecord(folder_ / "records", record);
    }
    WriteFileAtomic(folder_ / "pred/A0001.csv", kAf).value();
    WriteFileAtomic(folder_ / "pred/A0002.csv", kNormal).value();
    config_.predictions = folder_ / "pred";
  }

  std::string Write() {
    summary_ = WriteFolderPage(config_, folder_ / "all.html", silent_);
    return ReadFile(folder_ / "all.html").value();
  }

  test::TemporaryFolder folder_;
  FolderPageConfig config_;
  FolderPageSummary summary_;
  ProgressBar silent_{nullptr};
};

TEST_F(ReportFolderTest, TellsOfEveryPrediction) {
  WriteFileAtomic(folder_ / "pred/failed.csv", "record,reason\nB1,cannot be read\n").value();
  config_.recordings = {folder_ / "records"};
  const std::string page = Write();
  EXPECT_EQ(summary_.rows, 3u);
  EXPECT_EQ(summary_.failed, 1u);
  EXPECT_EQ(summary_.pictures, 2u);
  EXPECT_NE(page.find("cannot be read"), std::string::npos);
  EXPECT_EQ(page.find("id=\"metrics\""), std::string::npos);
}

TEST_F(ReportFolderTest, WithLabelsTellsWhatTheyAreWorth) {
  config_.labels = folder_ / "records";  // both are labelled as sinus rhythm
  const std::string page = Write();
  EXPECT_EQ(summary_.pictures, 2u);
  EXPECT_NE(page.find("id=\"metrics\""), std::string::npos);
  EXPECT_NE(page.find("A0001: atrial fibrillation not labelled, probability 0.900"),
            std::string::npos);
  config_.compare = folder_ / "pred";
  EXPECT_NE(Write().find("Paired bootstrap"), std::string::npos);
}

TEST_F(ReportFolderTest, SetsOtherPredictionsBesideTheseWithoutLabels) {
  WriteFileAtomic(folder_ / "other/A0001.csv", "#A0001\n164889003,426783006\n0,1\n0.4,0.7\n")
      .value();
  config_.compare = folder_ / "other";
  const std::string page = Write();
  EXPECT_NE(page.find("Of 1 recording with both answers 1 differ"), std::string::npos);
  EXPECT_EQ(page.find("id=\"metrics\""), std::string::npos);
  ASSERT_EQ(summary_.warnings.size(), 1u);
  EXPECT_NE(summary_.warnings[0].find("1 recording has no prediction in"), std::string::npos);
}

TEST_F(ReportFolderTest, AnEmptyFolderAndOneOfFailuresHaveAPage) {
  fs::remove_all(folder_ / "pred");
  fs::create_directories(folder_ / "pred");
  EXPECT_NE(Write().find("There is no prediction."), std::string::npos);
  WriteFileAtomic(folder_ / "pred/failed.csv", "record,reason\nB1,no\nB2,no\n").value();
  Write();
  EXPECT_EQ(summary_.rows, 2u);
  EXPECT_EQ(summary_.failed, 2u);
}

TEST_F(ReportFolderTest, ATableHasRemarks) {
  WriteFileAtomic(folder_ / "t.csv",
                  "record,flags,AF_decision,NSR_decision,AF,NSR,age,sex,status,operating_point\n"
                  "A0001,V1 flat,1,0,0.9,0.2,61,male,doubtful,balanced\n")
      .value();
  const data::PredictionSet set = data::ReadPredictionSet(folder_ / "t.csv", {}).value();
  ASSERT_EQ(set.remarks.size(), 1u);
  EXPECT_EQ(set.remarks[0].flags, "V1 flat");
  EXPECT_EQ(set.remarks[0].age, "61");
  EXPECT_EQ(set.operating_point, "balanced");
  EXPECT_FALSE(data::ReadPredictionSet(folder_ / "none.csv", {}).ok());
}

// What the page saves is what ecgscore and ecgmodel fit take.
TEST_F(ReportFolderTest, TickedClassesAreATableOfLabels) {
  WriteFileAtomic(folder_ / "labels.csv", "record,AF,NSR\nA0001,1,0\nA0002,0,1\n").value();
  config_.labels = folder_ / "labels.csv";
  const std::string page = Write();
  EXPECT_NE(page.find("No decision differs from its label."), std::string::npos);
}

TEST_F(ReportFolderTest, ARecordHasItsPageWithWhatAFileSays) {
  const report::ModelAnswer answer = ReadAnswer(folder_ / "pred/A0001.csv").value();
  ASSERT_EQ(answer.classes.size(), 2u);
  EXPECT_EQ(answer.classes[0].abbreviation, "AF");
  const std::string page =
      MakeRecordPage(folder_ / "records/A0001.hea", {}, answer, {}).value().page;
  EXPECT_NE(page.find("Found: atrial fibrillation."), std::string::npos);
  EXPECT_FALSE(MakeRecordPage(folder_ / "none.hea", {}, {}, {}).ok());
  EXPECT_FALSE(ReadAnswer(folder_ / "records/A0001.hea").ok());
}

}  // namespace
}  // namespace ecg::jobs
