#include "ecg/formats/gdf/reader.h"

#include <gtest/gtest.h>

#include "tests/formats/gdf/gdf_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::gdf {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;
using test::Bytes;
using test::MadeFile;

TEST(Gdf, ReadsEveryVersion) {
  for (const char* version : {"GDF 1.10", "GDF 1.25", "GDF 1.99", "GDF 2.10", "GDF 2.51"}) {
    const auto record = ReadBytes(Reader(), test::Mixed(version).Text());
    ASSERT_TRUE(record.ok()) << version << " " << record.error().ToString();
    EXPECT_EQ(record->info.sampling_rate, 300) << version;
    ASSERT_EQ(record->info.leads, (std::vector<std::string>{"II", "V1"}));
    ASSERT_EQ(record->info.samples, 6U);
    EXPECT_FLOAT_EQ(record->leads[0][5], 0.0015F);
    EXPECT_FLOAT_EQ(record->leads[1][0], 0.010F);
    EXPECT_FLOAT_EQ(record->leads[1][4], -0.010F);
    EXPECT_EQ(record->unread_leads.size(), 1U) << "no voltage: the temperature";
  }
}

TEST(Gdf, KnowsPersonAndTime) {
  const auto second = ReadBytes(Reader(), MadeFile().Text());
  ASSERT_TRUE(second.ok()) << second.error().ToString();
  EXPECT_EQ(second->info.age, 50);
  EXPECT_EQ(second->info.sex, record::Sex::kFemale);
  EXPECT_EQ(second->info.acquisition.Start(), "2002-03-02 12:00:00.000");
  EXPECT_EQ(second->info.acquisition.filters, "lowpass 150 Hz, highpass 0.5 Hz");
  MadeFile file;
  file.version = "GDF 1.25";
  const auto first = ReadBytes(Reader(), file.Text());
  ASSERT_TRUE(first.ok()) << first.error().ToString();
  EXPECT_EQ(first->info.acquisition.Start(), "2006-01-31 12:30:15.000");
  EXPECT_FALSE(first->info.age);
}

TEST(Gdf, ReadsEveryTypeOfSample) {
  const auto first = [](std::uint32_t type, const std::string& sample) {
    MadeFile file;
    file.channels[0] = {"II", type, "mV", 4274, 0, 1000, 0, 1000, 1};
    file.records = 1;
    file.data = sample;
    const auto record = ReadBytes(Reader(), file.Text());
    EXPECT_TRUE(record.ok()) << record.error().ToString();
    return record.ok() ? record->leads[0][0] : 0;
  };
  EXPECT_FLOAT_EQ(first(1, "\xFE"), -2);
  EXPECT_FLOAT_EQ(first(2, "\xFE"), 254);
  EXPECT_FLOAT_EQ(first(3, Bytes<std::int16_t>(-300)), -300);
  EXPECT_FLOAT_EQ(first(4, Bytes<std::uint16_t>(65000)), 65000);
  EXPECT_FLOAT_EQ(first(5, Bytes<std::int32_t>(-70000)), -70000);
  EXPECT_FLOAT_EQ(first(6, Bytes<std::uint32_t>(4000000000U)), 4e9F);
  EXPECT_FLOAT_EQ(first(7, Bytes<std::int64_t>(-7)), -7);
  EXPECT_FLOAT_EQ(first(8, Bytes<std::uint64_t>(7)), 7);
  EXPECT_FLOAT_EQ(first(16, Bytes(-2.5F)), -2.5F);
  EXPECT_FLOAT_EQ(first(17, Bytes(-2.5)), -2.5F);
  EXPECT_FLOAT_EQ(first(279, "\xFE\xFF\xFF"), -2);
  EXPECT_FLOAT_EQ(first(535, "\xFE\xFF\xFF"), 16777214);
}

TEST(Gdf, AsksForAUnitThatIsNotSaid) {
  MadeFile file;
  file.channels[0].code = 0;
  EXPECT_NE(ErrorOf(Reader(), file.Text()).find("--units"), std::string::npos);
  record::OpenOptions told;
  told.units = "uV";
  EXPECT_TRUE(ReadBytes(Reader(), file.Text(), told).ok());
}

TEST(Gdf, ReadsWhatIsThere) {
  MadeFile file;
  file.records = 5;
  const auto shorter = ReadBytes(Reader(), file.Text());
  ASSERT_TRUE(shorter.ok()) << shorter.error().ToString();
  EXPECT_EQ(shorter->info.samples, 6U);
  ASSERT_EQ(shorter->warnings.size(), 1U);
  EXPECT_NE(shorter->warnings[0].find("of 5, 2 are there"), std::string::npos);
  file.records = 1;  // events may follow
  EXPECT_EQ(ReadBytes(Reader(), file.Text())->info.samples, 3U);
  file.records = -1;
  EXPECT_EQ(ReadBytes(Reader(), file.Text())->info.samples, 6U);
}

TEST(Gdf, IsRefusedForAReason) {
  const auto error_of = [](auto&& change) {
    MadeFile file;
    change(file);
    return ErrorOf(Reader(), file.Text());
  };
  EXPECT_EQ(error_of([](MadeFile& f) { f.version = "GDF 7.00"; }).substr(0, 8), "version:");
  EXPECT_EQ(error_of([](MadeFile& f) { f.denominator = 0; }).substr(0, 9), "duration ");
  EXPECT_EQ(error_of([](MadeFile& f) { f.channels[0].type = 18; }).substr(0, 13), "type of data:");
  EXPECT_EQ(error_of([](MadeFile& f) { f.data.clear(); }),
            "number of data records: holds no whole data record");
  EXPECT_EQ(error_of([](MadeFile& f) { f.records = -2; }), "number of data records: is no count");
  EXPECT_NE(ErrorOf(Reader(), MadeFile().Text().substr(0, 400)).find("header length"),
            std::string::npos);
}

TEST(Gdf, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(
      Reader(), {test::Mixed("GDF 1.25").Text(), test::Mixed("GDF 2.51").Text(), MadeFile().Text()},
      false);
}

}  // namespace
}  // namespace ecg::gdf
