#include "ecg/apps/jobs/contact_sheets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "ecg/core/file.h"
#include "tests/support.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

class Silent : public ProgressSink {
 public:
  void Begin(const std::string&, std::size_t) override {}
  void Advance(std::size_t, const std::string&) override {}
  void End() override {}
};

class ContactSheetsTest : public testing::Test {
 protected:
  void Write(const std::string& name, bool flat = false) {
    test::TestRecord record;
    record.name = name;
    record.signal = [flat](std::size_t lead, double seconds) {
      if (flat && lead == 3) return 0.0;
      const double t = std::fmod(seconds, 1.0) - 0.5;
      return (1 + 0.1 * static_cast<double>(lead)) * std::exp(-t * t / 0.0002);
    };
    test::WriteRecord(folder_ / "in", record);
  }
  ContactSheetsSummary Make(const std::string& output, ContactSheetsConfig config = {}) {
    return WriteContactSheets(folder_ / "in", folder_ / output, config, silent_);
  }

  test::TemporaryFolder folder_;
  Silent silent_;
};

TEST_F(ContactSheetsTest, EveryRecordingIsNamedOnASheet) {
  Write("A0001");
  Write("A0002", true);
  WriteFileAtomic(folder_ / "in/B0001.hea", "B0001 x\n").value();
  const ContactSheetsSummary made = Make("all.svg");
  EXPECT_EQ(made.drawn, 2U);
  EXPECT_GE(made.doubtful, 1U);
  ASSERT_EQ(made.failed.size(), 1U);
  EXPECT_EQ(made.failed[0].id, "B0001");
  ASSERT_EQ(made.files.size(), 1U);
  const std::string svg = ReadFile(folder_ / "all.svg").value();
  for (const char* text : {">A0001<", ">A0002<", ">B0001<", "Not drawn: ", "Doubtful: "}) {
    EXPECT_NE(svg.find(text), std::string::npos) << text;
  }
}

TEST_F(ContactSheetsTest, MoreThanASheetAreFilesWithNumbersOrPagesOfAPdf) {
  ContactSheetsConfig config;
  config.sheet.columns = 1;
  const std::size_t room = report::PicturesASheet(config.sheet);
  for (std::size_t i = 0; i <= room; ++i) Write("A" + std::to_string(i));
  config.dpi = 40;
  const ContactSheetsSummary made = Make("all.png", config);
  ASSERT_EQ(made.files.size(), 2U);
  EXPECT_TRUE(fs::exists(folder_ / "all-1.png"));
  EXPECT_TRUE(fs::exists(folder_ / "all-2.png"));
  EXPECT_FALSE(fs::exists(folder_ / "all.png"));
  EXPECT_EQ(Make("all.pdf", config).files.size(), 1U);
  const std::string pdf = ReadFile(folder_ / "all.pdf").value();
  config.threads = 1;
  Make("again.pdf", config);
  EXPECT_EQ(ReadFile(folder_ / "again.pdf").value(), pdf);
}

TEST_F(ContactSheetsTest, RefusesWhatItCannotWrite) {
  Write("A0001");
  EXPECT_THROW(Make("all.txt"), Exception);
  EXPECT_THROW(Make("none.svg/in.svg/all"), Exception);
  EXPECT_THROW(WriteContactSheets(folder_ / "nowhere", folder_ / "all.pdf", {}, silent_),
               Exception);
  EXPECT_FALSE(fs::exists(folder_ / "all.pdf"));
}

}  // namespace
}  // namespace ecg::jobs
