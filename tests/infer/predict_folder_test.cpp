#include "ecg/infer/predict_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "ecg/core/file.h"
#include "ecg/data/prediction_file.h"
#include "ecg/infer/output_folder.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;

// Says the same of every window: class k has the probability k / 100.
class ConstantNetwork : public model::Network {
 public:
  void Run(const float* /*signal*/, std::size_t windows, model::Wanted /*wanted*/,
           model::NetworkOutput& output) override {
    output.probabilities.clear();
    for (std::size_t i = 0; i < windows * 26; ++i) {
      output.probabilities.push_back(static_cast<float>(i % 26) / 100);
    }
  }
};

Ensemble Constant() {
  model::ModelInfo info;
  info.window.samples = 200;
  info.decision.thresholds.assign(26, 0.245);
  return MakeEnsemble(info, std::make_shared<ConstantNetwork>());
}

test::TestRecord ShortRecord(const std::string& name) {
  test::TestRecord record;
  record.name = name;
  record.samples = 400;
  record.signal = [](std::size_t, double t) { return std::sin(6.28 * t); };
  return record;
}

class PredictFolderTest : public testing::Test {
 protected:
  PredictFolderSummary Run(const PredictFolderConfig& config = {}) {
    return PredictFolder(Constant(), folder_ / "in", folder_ / "out", config, silent_);
  }
  test::TemporaryFolder folder_;
  ProgressBar silent_{nullptr};
};

TEST_F(PredictFolderTest, WritesOneFileARecordAndListsWhatFailed) {
  test::WriteRecord(folder_ / "in/a", ShortRecord("A0001"));
  test::WriteRecord(folder_ / "in", ShortRecord("A0002"));
  test::WriteRecord(folder_ / "in", ShortRecord("A0003"));
  fs::resize_file(folder_ / "in/A0003.mat", 200);
  const PredictFolderSummary summary = Run();
  EXPECT_EQ(summary.predicted, 2u);
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_EQ(summary.failed[0].id, "A0003");
  EXPECT_EQ(summary.failed_list, folder_ / "out/failed.csv");
  EXPECT_NE(ReadFile(summary.failed_list)->find("A0003,"), std::string::npos);
  const auto prediction =
      data::ParsePrediction(*ReadFile(folder_ / "out/a/A0001.csv"), "A0001.csv").value();
  EXPECT_EQ(prediction.record, "A0001");
  ASSERT_EQ(prediction.classes.size(), 30u);  // every equivalent code has its column
  EXPECT_EQ(prediction.scores[29], static_cast<double>(0.25F));
  EXPECT_EQ(prediction.decisions[29], 1);
  EXPECT_EQ(prediction.decisions[28], 1);  // TInv -> TAb
  EXPECT_TRUE(ReadFile(folder_ / "out/A0002.csv").ok());

  PredictFolderConfig with_peaks;
  with_peaks.predict.wanted.peaks = true;
  EXPECT_THROW(Run(with_peaks), Exception);
  fs::remove(folder_ / "in/A0003.hea");
  Run();
  EXPECT_FALSE(fs::exists(folder_ / "out/failed.csv"));
}

TEST_F(PredictFolderTest, ARecordNamedFailedKeepsItsFile) {
  test::WriteRecord(folder_ / "in", ShortRecord("failed"));
  std::ofstream(folder_ / "in/broken.hea") << "no header\n";
  const PredictFolderSummary summary = Run();
  EXPECT_EQ(ReadFile(folder_ / "out/failed.csv")->substr(0, 7), "#failed");
  EXPECT_EQ(summary.failed_list, folder_ / "out/failed-records.csv");
  EXPECT_NE(ReadFile(summary.failed_list)->find("broken,"), std::string::npos);
}

TEST_F(PredictFolderTest, RecordsThatWouldShareAFileAreAnErrorThatNamesBoth) {
  test::WriteRecord(folder_ / "in", ShortRecord("A0001"));
  fs::copy_file(folder_ / "in/A0001.hea", folder_ / "in/A0001.HEA");
  try {
    Run();
    FAIL() << "one would overwrite the other";
  } catch (const Exception& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::kInput);
    EXPECT_NE(std::string(error.what()).find("A0001"), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(PredictFolderTest, SaysWhatItReadsOfEveryRealRecord) {
  ECG_NEED_SHARED(records, "data/reduced_leads.tar.xz");
  const PredictFolderSummary summary =
      PredictFolder(Constant(), records, folder_ / "out", {}, silent_);
  EXPECT_EQ(summary.predicted, 41u * 5);
  EXPECT_TRUE(summary.failed.empty());
}

TEST(OutputFolder, NamesTheRecordsOfWhichOneIsInTheOthersWay) {
  const test::TemporaryFolder folder;
  const auto create = [&](const std::vector<OutputFolder::File>& files) {
    return OutputFolder::Create(folder / "out", files);
  };
  const auto same = create({{"g/b", ".csv"}, {"a", ".csv"}, {"g/b", ".csv"}});
  ASSERT_FALSE(same.ok());
  EXPECT_NE(same.error().message.find("g/b.csv"), std::string::npos);
  const auto inside = create({{"a", ".csv"}, {"a.csv/b", ".csv"}});
  ASSERT_FALSE(inside.ok());
  EXPECT_NE(inside.error().message.find("records a and a.csv/b"), std::string::npos);
  EXPECT_FALSE(create({{"failed", ".csv"}, {"failed-records", ".csv"}}).ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  EXPECT_TRUE(create({{"a", ".csv"}, {"a", ".peaks"}, {"a/b", ".csv"}}).ok());
}

}  // namespace
}  // namespace ecg::infer
