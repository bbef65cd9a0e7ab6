#include "ecg/infer/delineate_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "ecg/core/file.h"
#include "ecg/wfdb/annotation.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

// P, R and T of Gaussian shape, a beat a second, R at 0.5 s.
test::TestRecord BeatingRecord() {
  test::TestRecord record;
  record.signal = [](std::size_t, double t) {
    const auto bump = [t](double centre, double width) {
      const double off = std::remainder(t - centre, 1.0);
      return std::exp(-0.5 * off * off / (width * width));
    };
    return 0.15 * bump(0.34, 0.02) + bump(0.5, 0.01) + 0.3 * bump(0.8, 0.035);
  };
  return record;
}

std::vector<std::int64_t> SamplesOf(const std::filesystem::path& path, int type) {
  std::vector<std::int64_t> samples;
  const wfdb::AnnotationFile file = wfdb::ReadAnnotations(path).value();
  for (const wfdb::Annotation& annotation : file.annotations) {
    if (annotation.type == type) samples.push_back(annotation.sample);
  }
  return samples;
}

class DelineateFolderTest : public testing::Test {
 protected:
  DelineateFolderSummary Run(const DelineateFolderConfig& config) {
    return DelineateFolder(folder_ / "in", folder_ / "out", config, silent_);
  }

  test::TemporaryFolder folder_;
  ProgressBar silent_{nullptr};
};

TEST_F(DelineateFolderTest, MarksTheWavesOfEveryRecord) {
  test::TestRecord record = BeatingRecord();
  test::WriteRecord(folder_ / "in/deep", record);
  record.name = "A0002";
  record.leads = {"V1"};
  test::WriteRecord(folder_ / "in", record);
  std::ofstream(folder_ / "in/broken.hea") << "no header\n";
  for (const dsp::Delineator method :
       {dsp::Delineator::kRobust, dsp::Delineator::kDwt, dsp::Delineator::kPeak}) {
    DelineateFolderConfig config;
    config.method = method;
    const DelineateFolderSummary summary = Run(config);
    EXPECT_EQ(summary.records, 2u);
    EXPECT_GE(summary.beats, 18u);
    ASSERT_EQ(summary.failed.size(), 1u);
    EXPECT_EQ(summary.failed[0].id, "broken");
    EXPECT_NE(ReadFile(folder_ / "out/failed.csv")->find("broken,"), std::string::npos);
    for (const char* name : {"out/deep/A0001.peaks", "out/A0002.peaks"}) {
      for (const auto& [type, place] :
           {std::pair{wfdb::kPWave, 170}, {wfdb::kNormalBeat, 250}, {wfdb::kTWave, 400}}) {
        const std::vector<std::int64_t> samples = SamplesOf(folder_ / name, type);
        EXPECT_GE(samples.size(), 8u);
        for (const std::int64_t sample : samples) {
          EXPECT_NEAR(static_cast<double>(sample % 500), place, 10) << name << " " << type;
        }
      }
      EXPECT_FALSE(SamplesOf(folder_ / name, wfdb::kWaveOnset).empty());
      EXPECT_FALSE(SamplesOf(folder_ / name, wfdb::kWaveOffset).empty());
    }
  }
}

TEST_F(DelineateFolderTest, GivesEachLeadItsFileAndLooksAtChosenLeadsOnly) {
  test::WriteRecord(folder_ / "in", BeatingRecord());
  DelineateFolderConfig config;
  config.each_lead = true;
  config.leads = {"V5", "aVR"};
  EXPECT_EQ(Run(config).failed.size(), 0u);
  EXPECT_GE(SamplesOf(folder_ / "out/A0001.v5", wfdb::kNormalBeat).size(), 9u);
  EXPECT_GE(SamplesOf(folder_ / "out/A0001.avr", wfdb::kNormalBeat).size(), 9u);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/A0001.ii"));
  config.leads = {"MLII"};
  EXPECT_EQ(Run(config).failed.size(), 1u);
}

TEST_F(DelineateFolderTest, ALeadsNameIsNoPath) {
  test::TestRecord record = BeatingRecord();
  record.leads = {"II", "x/../../y", "..", "V1 "};
  test::WriteRecord(folder_ / "in", record);
  DelineateFolderConfig config;
  config.each_lead = true;
  EXPECT_EQ(Run(config).records, 1u);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "y"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/y"));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "out")) {
    EXPECT_TRUE(entry.is_regular_file()) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 4u);
}

TEST_F(DelineateFolderTest, LeadsOfOneNameAreThatRecordsFailure) {
  test::TestRecord record = BeatingRecord();
  test::WriteRecord(folder_ / "in", record);
  record.name = "A0002";
  record.leads = {"MLII", "mlii"};
  test::WriteRecord(folder_ / "in", record);
  DelineateFolderConfig config;
  config.each_lead = true;
  const DelineateFolderSummary summary = Run(config);
  EXPECT_EQ(summary.records, 1u);
  ASSERT_EQ(summary.failed.size(), 1u);
  EXPECT_NE(summary.failed[0].error.message.find("MLII and mlii"), std::string::npos);
}

}  // namespace
}  // namespace ecg::infer
