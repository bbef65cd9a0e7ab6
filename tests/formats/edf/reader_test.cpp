#include "ecg/formats/edf/reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/formats/edf/edf_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::edf {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

TEST(Edf, ReadsSignalsOfTheirOwnRatesWithGaps) {
  const auto record = ReadBytes(Reader(), test::Discontinuous().Bytes());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.format, "EDF");
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"II", "V1"}));
  EXPECT_EQ(record->info.sampling_rate, 4);
  ASSERT_EQ(record->info.samples, 16U) << "two data records and a gap of two seconds";
  const std::vector<float>& lead = record->leads[0];
  EXPECT_FLOAT_EQ(lead[1], 0.001F);
  EXPECT_TRUE(std::isnan(lead[4]) && std::isnan(lead[11]));
  EXPECT_FLOAT_EQ(lead[12], 0.004F);
  EXPECT_FLOAT_EQ(lead[14], -0.006F);
  EXPECT_FLOAT_EQ(record->leads[1][0], 1);
  EXPECT_FLOAT_EQ(record->leads[1][12], -1);
  ASSERT_EQ(record->other_waveforms.size(), 1U);
  EXPECT_EQ(record->other_waveforms[0].sampling_rate, 2);
  EXPECT_FLOAT_EQ(record->other_waveforms[0].samples[0][1], 0.1F);
  EXPECT_EQ(record->unread_leads, (std::vector<std::string>{"V2: 2 Hz", "Temp: units degC"}));
  EXPECT_EQ(record->info.statements, std::vector<std::string>{"start"});
}

TEST(Edf, KnowsThePersonButNotByName) {
  test::MadeFile file = test::Discontinuous();
  file.patient = "MCH-0234567 M 02-MAR-1951 Haagse_Harry";
  const auto record = ReadBytes(Reader(), file.Bytes());
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->info.sex, record::Sex::kMale);
  EXPECT_EQ(record->info.age, 51);
  EXPECT_EQ(record->info.acquisition.Start(), "2002-03-02 12:30:15.000");
  EXPECT_EQ(record->info.acquisition.device, "TestDevice");
  EXPECT_EQ(record->info.patient_id, "MCH-0234567");
}

TEST(Edf, ReadsThreeBytesASample) {
  test::MadeFile file;
  file.version =
      "\xFF"
      "BIOSEMI";
  file.sample_bytes = 3;
  file.signals.push_back({"I",
                          "nV",
                          "-8388608",
                          "8388607",
                          "-8388608",
                          "8388607",
                          {std::string("\1\0\0\xFF\xFF\xFF\0\0\x80\xFF\xFF\x7F", 12)}});
  const auto record = ReadBytes(Reader(), file.Bytes());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_NEAR(record->leads[0][0], 1e-6, 1e-9);
  EXPECT_NEAR(record->leads[0][1], -1e-6, 1e-9);
  EXPECT_FLOAT_EQ(record->leads[0][2], -8.388608F);
  EXPECT_FLOAT_EQ(record->leads[0][3], 8.388607F);
}

TEST(Edf, ReadsWhatIsThereOfACutOffFile) {
  test::MadeFile file = test::Discontinuous();
  std::string bytes = file.Bytes();
  bytes.resize(bytes.size() - 1);
  const auto record = ReadBytes(Reader(), bytes);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.samples, 4U);
  EXPECT_NE(record->warnings.front().find("of 2, 1 are there whole"), std::string::npos);
  file.records = "-1";
  EXPECT_TRUE(ReadBytes(Reader(), file.Bytes()).ok());
}

TEST(Edf, RefusesWhatMakesNoSense) {
  test::MadeFile file = test::Discontinuous();
  file.seconds = "0";
  EXPECT_NE(ErrorOf(Reader(), file.Bytes()).find("duration"), std::string::npos);
  file.seconds = "two";
  EXPECT_NE(ErrorOf(Reader(), file.Bytes()).find("duration"), std::string::npos);
  file = test::Discontinuous();
  file.signals.back() = test::Annotations({"+5\x14\x14", "+3\x14\x14"}, 40);
  EXPECT_NE(ErrorOf(Reader(), file.Bytes()).find("overlap"), std::string::npos);
  file.signals = {test::Discontinuous().signals.back()};
  EXPECT_NE(ErrorOf(Reader(), file.Bytes()).find("no signal"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), "0       ").find("ends within it"), std::string::npos);
}

TEST(Edf, AsksForTheUnitWhereNoneIsSaid) {
  test::MadeFile file;
  file.signals.push_back({"II", "", "-1000", "1000", "-2000", "2000", {test::Samples({2, 4})}});
  EXPECT_NE(ErrorOf(Reader(), file.Bytes()).find("--units"), std::string::npos);
  record::OpenOptions told;
  told.units = "uV";
  const auto record = ReadBytes(Reader(), file.Bytes(), told);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_FLOAT_EQ(record->leads[0][1], 0.002F);
}

TEST(Edf, DamagedFilesAreReadOrRefused) {
  test::MadeFile whole = test::Discontinuous();
  whole.reserved = "EDF+C";
  test::MadeFile plain;
  plain.version =
      "\xFF"
      "BIOSEMI";
  plain.sample_bytes = 3;
  plain.signals.push_back({"I", "mV", "-8", "8", "-8388608", "8388607", {std::string(60, '\1')}});
  ecg::test::ExpectDamagedAreReadOrRefused(
      Reader(), {test::Discontinuous().Bytes(), whole.Bytes(), plain.Bytes()}, true);
}

}  // namespace
}  // namespace ecg::edf
