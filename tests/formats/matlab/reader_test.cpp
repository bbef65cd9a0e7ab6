#include "ecg/formats/matlab/reader.h"

#include <gtest/gtest.h>

#include "ecg/formats/describe.h"
#include "ecg/formats/registry.h"
#include "tests/formats/matlab/matlab_file.h"
#include "tests/formats/reader_kit.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::matlab {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

record::OpenOptions Told() {
  record::OpenOptions told;
  told.sampling_rate = 500;
  told.units = "uV";
  told.leads = {"I", "II"};
  return told;
}

TEST(MatlabArrays, AreReadWithWhatIsTold) {
  for (const bool big_endian : {false, true}) {
    const auto record = ReadBytes(Reader(), test::Plain(test::Elements(big_endian)), Told());
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_EQ(record->info.format, "MATLAB");
    ASSERT_EQ(record->info.samples, 120U);
    // Column by column: samples of both leads take turns.
    EXPECT_FLOAT_EQ(record->leads[0][3], -0.014F);
    EXPECT_FLOAT_EQ(record->leads[1][3], -0.013F);
  }
  EXPECT_NE(ErrorOf(Reader(), test::Plain()).find("--rate"), std::string::npos);
}

TEST(MatlabArrays, SayTheirRateUnitsLeadsAndGains) {
  for (const bool compressed : {false, true}) {
    for (const bool big_endian : {false, true}) {
      const auto record =
          ReadBytes(Reader(), test::WithHeader(compressed, test::Elements(big_endian)));
      ASSERT_TRUE(record.ok()) << record.error().ToString();
      EXPECT_EQ(record->info.sampling_rate, 250);
      EXPECT_EQ(record->info.leads, (std::vector<std::string>{"II", "V1"}));
      EXPECT_FLOAT_EQ(record->leads[0][3], -0.017F);
      EXPECT_FLOAT_EQ(record->leads[1][3], (123 - 20 - 100) / 2.0F / 1000);
    }
  }
}

TEST(MatlabArrays, LieInStructuresAndCells) {
  record::OpenOptions told = Told();
  told.leads.clear();
  const auto record = ReadBytes(Reader(), test::InStructure(), told);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"aVR", "V6"}));
  EXPECT_EQ(record->info.age, 61);
  EXPECT_EQ(record->info.sex, record::Sex::kMale);
  told.array = "ECG.data";
  EXPECT_TRUE(ReadBytes(Reader(), test::InStructure(), told).ok());
  told.array = "ECG.other";
  EXPECT_NE(ErrorOf(Reader(), test::InStructure(), told).find("ECG.data [2][120]"),
            std::string::npos);
}

TEST(MatlabArrays, OfEveryTypeOfNumber) {
  const test::Elements elements;
  const auto first = [&](std::uint32_t type, const std::string& value) {
    std::string values;
    for (int i = 0; i < 120; ++i) values += value;
    const auto record = ReadBytes(Reader(),
                                  elements.Header() + test::Array(elements, 6, {1, 120, 1}, "x",
                                                                  elements.Element(type, values)),
                                  [] {
                                    record::OpenOptions told = Told();
                                    told.units = "mV";
                                    told.leads = {"I"};
                                    return told;
                                  }());
    EXPECT_TRUE(record.ok()) << record.error().ToString();
    return record.ok() ? record->leads[0][119] : 0;
  };
  const std::string minus_two(8, '\xFE');
  EXPECT_FLOAT_EQ(first(1, "\xFE"), -2);
  EXPECT_FLOAT_EQ(first(2, "\xFE"), 254);
  EXPECT_FLOAT_EQ(first(3, "\xFE\xFF"), -2);
  EXPECT_FLOAT_EQ(first(4, "\xFE\xFF"), 65534);
  EXPECT_FLOAT_EQ(first(5, "\xFE\xFF\xFF\xFF"), -2);
  EXPECT_FLOAT_EQ(first(6, "\xFE\xFF\xFF\xFF"), 4294967294.0F);
  EXPECT_FLOAT_EQ(first(7, std::string("\0\0\x20\xC0", 4)), -2.5F);
  EXPECT_FLOAT_EQ(first(9, std::string("\0\0\0\0\0\0\x04\xC0", 8)), -2.5F);
  EXPECT_FLOAT_EQ(first(12, "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), -2);
  EXPECT_FLOAT_EQ(first(13, std::string("\xFE\0\0\0\0\0\0\0", 8)), 254);
}

TEST(MatlabArrays, BesideAHeaderBelongToItsRecord) {
  const ecg::test::TemporaryFolder folder;
  ecg::wfdb::test::WriteText(folder / "r.mat", test::Plain());
  ecg::wfdb::test::WriteText(folder / "r.hea",
                             "r 2 500 120\nr.mat 16+192 1000/mV\nr.mat 16+192 1000/mV\n");
  EXPECT_EQ(formats::ReadEcgInfo(folder / "r.mat")->format, "WFDB");
  ecg::wfdb::test::WriteText(folder / "s.mat", test::Plain());
  EXPECT_EQ(formats::ReadEcgInfo(folder / "s.mat", Told())->format, "MATLAB");
  EXPECT_EQ(formats::ListRecords(folder.path())->records,
            (std::vector<std::string>{"r.hea", "s.mat"}));
}

// Plain matrices are listed, as those of WFDB are, unless something is told of them.
TEST(MatlabArrays, AreDescribed) {
  const ecg::test::TemporaryFolder folder;
  ecg::wfdb::test::WriteText(folder / "plain.mat", test::Plain());
  ecg::wfdb::test::WriteText(folder / "header.mat", test::WithHeader(true));
  EXPECT_TRUE(formats::Describe(folder / "plain.mat")->contains("matrices"));
  EXPECT_TRUE(formats::Describe(folder / "plain.mat", {}, Told())->contains("signals"));
  EXPECT_TRUE(formats::Describe(folder / "header.mat")->contains("signals"));
}

TEST(MatlabArrays, AreRefusedForAReason) {
  const test::Elements elements;
  const auto error_of = [&](const std::string& rest) {
    return ErrorOf(Reader(), elements.Header() + rest, Told());
  };
  EXPECT_EQ(error_of("").substr(0, 6), "array:");
  EXPECT_EQ(error_of(elements.Element(15, "zip")), "compressed: damaged");
  EXPECT_NE(error_of(test::Numbers(elements, {2, 121}, "x", test::Counting(240))).find("480 bytes"),
            std::string::npos);
  EXPECT_NE(error_of(test::Plain().substr(128, 300)).find("values: missing"), std::string::npos);
  std::string deep = test::Numbers(elements, {1, 1}, "", {1});
  for (int i = 0; i < 40; ++i) deep = test::Array(elements, 1, {1, 1}, i < 39 ? "" : "x", deep);
  EXPECT_EQ(error_of(deep), "type: nested too deeply");
}

TEST(MatlabArrays, ThatUnpackToMoreThanEverAreRefused) {
  const test::Elements elements;
  const std::string zeros = test::Array(
      elements, 6, {1, 1 << 26}, "x", elements.Element(1, std::string(std::size_t{1} << 26, '\0')));
  std::string bytes = elements.Header();
  const std::string packed = test::Compressed(elements, zeros);
  for (int i = 0; i < 9; ++i) bytes += packed;
  EXPECT_NE(ErrorOf(Reader(), bytes, Told()).find("512 MiB"), std::string::npos);
}

TEST(MatlabArrays, DamagedAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(
      Reader(),
      {test::Plain(), test::WithHeader(false), test::WithHeader(true), test::InStructure()}, false,
      Told());
}

}  // namespace
}  // namespace ecg::matlab
