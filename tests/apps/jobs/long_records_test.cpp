// Recordings longer than an hour: what looks at one of them takes no more memory than an hour.
#include <gtest/gtest.h>

#include <cmath>

#include "ecg/apps/jobs/delineate_folder.h"
#include "ecg/apps/jobs/report_record.h"
#include "ecg/data/sim/day.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "src/apps/jobs/read_part.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

class HourTest : public testing::Test {
 protected:
  void SetUp() override {
    sim::DayOptions options;
    options.hours = 1.25;
    options.episodes = 1;
    sim::WriteDays(folder_ / "days", options, nullptr).value();
  }
  std::filesystem::path Record() const { return folder_ / "days" / "day00001.hea"; }

  test::TemporaryFolder folder_;
};

TEST_F(HourTest, APageIsAboutAnHourAndSaysSo) {
  RecordPageConfig config;
  config.start = 1000;
  const RecordPageMade made = MakeRecordPage(Record(), {}, {}, config).value();
  EXPECT_NE(made.page.find("Looked at: 1000 s to 4500 s of 4500 s"), std::string::npos);
  EXPECT_NE(made.page.find("1000.00 s to 1010.00 s of 4500.00 s"), std::string::npos);
  ASSERT_EQ(made.warnings.size(), 1u);
  EXPECT_NE(made.warnings[0].find("ecgreport holter"), std::string::npos);
  config.format = RecordPageFormat::kSvg;
  EXPECT_NE(MakeRecordPage(Record(), {}, {}, config).value().page.find("Looked at: 1000 s"),
            std::string::npos);
  config.start = 4500;
  EXPECT_FALSE(MakeRecordPage(Record(), {}, {}, config).ok());
}

TEST_F(HourTest, APartHasTheSamplesOfTheWhole) {
  const auto file = formats::Open(Record(), {}).value();
  record::EcgRecord whole, part;
  file->Read({}, whole).value();
  double begins = 0;
  ReadPart(*file, 4000.001, 2, part, &begins).value();
  EXPECT_EQ(begins, 4000);
  ASSERT_EQ(part.info.samples, 501u);
  for (std::size_t i = 0; i < 501; ++i) EXPECT_EQ(part.leads[1][i], whole.leads[1][1000000 + i]);
  ReadPart(*file, 9000, 2, part, &begins).value();  // behind the end: not all of it
  EXPECT_EQ(part.info.samples, 1u);
  EXPECT_LT(BytesOfPart(*file, 10), BytesOfPart(*file, 1000));
}

TEST_F(HourTest, IsDelineatedToItsEnd) {
  DelineateFolderConfig config;
  ProgressBar silent(nullptr);
  DelineateFolder(data::RecordInputs(folder_ / "days"), folder_ / "out", config, silent);
  const auto truth = wfdb::ReadAnnotations(folder_ / "days/day00001.atr").value();
  const auto found = wfdb::ReadAnnotations(folder_ / "out/day00001.peaks").value();
  const auto beats = [](const wfdb::AnnotationFile& file) {
    std::vector<std::int64_t> at;
    for (const auto& annotation : file.annotations) {
      if (wfdb::IsBeat(annotation.type)) at.push_back(annotation.sample);
    }
    return at;
  };
  const std::vector<std::int64_t> expected = beats(truth), got = beats(found);
  EXPECT_NEAR(static_cast<double>(got.size()), static_cast<double>(expected.size()),
              0.002 * static_cast<double>(expected.size()));
  EXPECT_GT(got.back(), 250 * 4490);
  for (std::size_t i = 1; i < got.size(); ++i) EXPECT_GT(got[i], got[i - 1] + 37) << got[i];
}

}  // namespace
}  // namespace ecg::jobs
