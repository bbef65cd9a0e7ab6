#include "ecg/formats/contec/reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/formats/contec/contec_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::contec {
namespace {

TEST(Contec, ReadsWhatWasConnected) {
  EXPECT_EQ(Reader().Recognises(test::Made()), record::Recognition::kCertain);
  const auto record = ecg::test::ReadBytes(Reader(), test::Made());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 800);
  ASSERT_EQ(record->info.samples, 2U);
  EXPECT_FLOAT_EQ(record->leads[0][0], 1);
  EXPECT_FLOAT_EQ(record->leads[1][1], 0);
  EXPECT_TRUE(std::isnan(record->leads[2][0])) << "no electrode";
  EXPECT_EQ(record->info.age, 64);
  EXPECT_EQ(record->info.acquisition.Start(), "2020-11-16 21:44:39.000");
}

TEST(Contec, RefusesOtherFiles) {
  EXPECT_EQ(Reader().Recognises(std::string(100, '0')), record::Recognition::kNo);
  EXPECT_NE(ecg::test::ErrorOf(Reader(), test::Made().substr(0, 60)).find("no samples"),
            std::string::npos);
}

TEST(Contec, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(Reader(), {test::Made()}, false);
}

}  // namespace
}  // namespace ecg::contec
