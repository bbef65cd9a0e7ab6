#include "ecg/formats/wav/reader.h"

#include <gtest/gtest.h>

#include "tests/formats/reader_kit.h"
#include "tests/formats/wav/wav_file.h"

namespace ecg::wav {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

record::OpenOptions Told() {
  record::OpenOptions told;
  told.units = "5mV";
  told.leads = {"II"};
  return told;
}

TEST(Wav, FullScaleIsWhatWasTold) {
  const auto record = ReadBytes(Reader(), test::Made(), Told());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 1000);
  EXPECT_FLOAT_EQ(record->leads[0][0], 2.5F);
  EXPECT_FLOAT_EQ(record->leads[0][1], -5);
  EXPECT_NE(ErrorOf(Reader(), test::Made()).find("--units"), std::string::npos);
}

TEST(Wav, ReadsOtherSamples) {
  const auto first = [](int kind, int bits, const std::string& data) {
    const auto record = ReadBytes(Reader(), test::Made(kind, 1, bits, data), Told());
    EXPECT_TRUE(record.ok()) << record.error().ToString();
    return record->leads[0][0];
  };
  EXPECT_FLOAT_EQ(first(1, 8, "\xC0"), 2.5F);
  EXPECT_FLOAT_EQ(first(1, 24, test::Number(0xC00000, 3)), -2.5F);
  EXPECT_FLOAT_EQ(first(1, 32, test::Number(0x40000000, 4)), 2.5F);
  EXPECT_FLOAT_EQ(first(3, 32, test::Number(0x3F000000, 4)), 2.5F);
}

TEST(Wav, RefusesWhatItCannotRead) {
  EXPECT_NE(ErrorOf(Reader(), test::Made(7), Told()).find("format"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), test::Made(1, 0), Told()).find("format"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), test::Made().substr(0, 40), Told()).find("data"), std::string::npos);
}

TEST(Wav, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(Reader(), {test::Made()}, false, Told());
}

}  // namespace
}  // namespace ecg::wav
