#include "ecg/formats/ishne/reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/formats/ishne/ishne_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::ishne {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

TEST(Ishne, ReadsLeadsInTheirResolution) {
  const auto record = ReadBytes(Reader(), test::Made());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"V1", "aVF"}));
  EXPECT_EQ(record->info.sampling_rate, 200);
  EXPECT_FLOAT_EQ(record->leads[0][0], 0.001F);
  EXPECT_TRUE(std::isnan(record->leads[0][1]));
  EXPECT_FLOAT_EQ(record->leads[1][2], 0.015F);
  EXPECT_EQ(record->info.sex, record::Sex::kFemale);
  EXPECT_EQ(record->info.age, 49);
  EXPECT_EQ(record->info.acquisition.Start(), "2002-11-22 09:00:00.000");
}

TEST(Ishne, ReadsWhatIsThereOfACutOffFile) {
  const auto record = ReadBytes(Reader(), test::Made(8056200));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.samples, 3U);
  EXPECT_NE(record->warnings.at(0).find("3 are there"), std::string::npos);
}

TEST(Ishne, RefusesWhatMakesNoSense) {
  std::string bytes = test::Made();
  test::Put(bytes, 156, 13);
  EXPECT_NE(ErrorOf(Reader(), bytes).find("number of leads"), std::string::npos);
  bytes = test::Made();
  test::Put(bytes, 22, 100, 4);
  EXPECT_NE(ErrorOf(Reader(), bytes).find("offset"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), bytes.substr(0, 300)).find("header"), std::string::npos);
}

TEST(Ishne, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(Reader(), {test::Made()}, false);
}

}  // namespace
}  // namespace ecg::ishne
