#include "ecg/formats/dicom/reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/formats/dicom/dicom_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::dicom {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

void ExpectRhythm(const std::string& bytes) {
  EXPECT_EQ(Reader().Recognises(bytes), record::Recognition::kCertain);
  const auto record = ReadBytes(Reader(), bytes);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"I", "V2"}));
  EXPECT_EQ(record->info.sampling_rate, 500);
  EXPECT_FLOAT_EQ(record->leads[0][0], 0.02F) << "4 of 2.5 uV, twice";
  EXPECT_TRUE(std::isnan(record->leads[0][1])) << "padding";
  EXPECT_FLOAT_EQ(record->leads[1][1], -5);
  EXPECT_EQ(record->info.age, 49);
  EXPECT_EQ(record->info.sex, record::Sex::kMale);
  EXPECT_EQ(record->info.statements, std::vector<std::string>{"Normal ECG"});
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kPr), 148);
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kQt), 420) << "of seconds";
}

TEST(Dicom, ReadsExplicitAndImplicitElements) {
  ExpectRhythm(test::Explicit());
  ExpectRhythm(test::Implicit());
}

TEST(Dicom, ReadsObjectsWithoutPreamble) {
  for (const bool is_explicit : {true, false}) {
    const test::Writer w{is_explicit};
    ExpectRhythm(w.Object({w.Group("RHYTHM", 16, "SS", test::kRhythm)}));
  }
}

TEST(Dicom, KeepsTheMedianApart) {
  const auto record = ReadBytes(Reader(), test::Explicit());
  ASSERT_TRUE(record.ok());
  ASSERT_EQ(record->other_waveforms.size(), 1U);
  EXPECT_EQ(record->other_waveforms[0].kind, "median");
}

TEST(Dicom, ReadsSamplesOfOneByte) {
  const test::Writer w{true};
  const auto record = ReadBytes(Reader(), w.Object({w.Group("RHYTHM", 8, "SB", "\1\2\xFF\4")}));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_FLOAT_EQ(record->leads[0][1], -0.005F);
}

TEST(Dicom, IsNotTakenInByPictures) {
  std::string picture = test::Explicit();
  picture.replace(picture.find("1.1.9.1.1"), 9, "1.1.7    ");
  EXPECT_EQ(Reader().Recognises(picture), record::Recognition::kNo);
}

TEST(Dicom, RefusesWhatMakesNoSense) {
  const test::Writer w{true};
  EXPECT_NE(ErrorOf(Reader(), w.Object({w.Group("R", 16, "MB", test::kRhythm)})).find("MB"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), w.Object({w.Group("R", 16, "SS", "abcd")})).find("shorter"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), w.Object({})).find("no waveform"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), test::Marked("1.2.840.10008.1.2.1.99", "")).find("syntax"),
            std::string::npos);
  std::string bytes = test::Explicit();
  bytes.resize(bytes.size() - 30);
  const std::string error = ErrorOf(Reader(), bytes);
  EXPECT_NE(error.find("shorter"), std::string::npos) << error;
  EXPECT_EQ(error.find("Doe"), std::string::npos) << error;
}

TEST(Dicom, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(Reader(), {test::Explicit(), test::Implicit()}, false);
}

}  // namespace
}  // namespace ecg::dicom
