#include "ecg/formats/numpy/reader.h"

#include <gtest/gtest.h>

#include "tests/formats/numpy/npy_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::numpy {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

record::OpenOptions Told(const std::vector<std::string>& leads = {"I", "II"}) {
  record::OpenOptions told;
  told.sampling_rate = 100;
  told.units = "uV";
  told.leads = leads;
  return told;
}

std::vector<float> Counting(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
  return values;
}

TEST(Numpy, TakesTheAxisOfTheToldLeads) {
  for (const bool fortran : {false, true}) {
    const auto rows =
        ReadBytes(Reader(), test::Npy("<f4", "(2, 120)", Counting(240), fortran), Told());
    ASSERT_TRUE(rows.ok()) << rows.error().ToString();
    EXPECT_EQ(rows->info.samples, 120U);
    EXPECT_FLOAT_EQ(rows->leads[1][3], fortran ? 0.007F : 0.123F);
    EXPECT_TRUE(rows->warnings.empty());
  }
  const auto columns = ReadBytes(Reader(), test::Npy("<f4", "(120, 2)", Counting(240)), Told());
  ASSERT_TRUE(columns.ok());
  EXPECT_FLOAT_EQ(columns->leads[1][3], 0.007F);
}

TEST(Numpy, ReadsEveryTypeOfNumber) {
  const auto value = [](const std::string& bytes) {
    const auto record = ReadBytes(Reader(), bytes, Told({"I"}));
    EXPECT_TRUE(record.ok()) << record.error().ToString();
    return record->leads[0][0] * 1000;
  };
  using test::Npy;
  EXPECT_FLOAT_EQ(value(Npy("<f8", "(120,)", std::vector<double>(120, -2.5))), -2.5F);
  EXPECT_FLOAT_EQ(value(Npy("<f2", "(120,)", std::vector<std::uint16_t>(120, 0xC100))), -2.5F);
  EXPECT_FLOAT_EQ(value(Npy(">i2", "(120,)", std::vector<std::uint16_t>(120, 0x0100))), 1);
  EXPECT_FLOAT_EQ(value(Npy("<i4", "(120,)", std::vector<std::int32_t>(120, -7))), -7);
  EXPECT_FLOAT_EQ(value(Npy("<i8", "(1, 120, 1)", std::vector<std::int64_t>(120, -7))), -7);
  EXPECT_FLOAT_EQ(value(Npy("|u1", "(120,)", std::vector<std::uint8_t>(120, 200))), 200);
}

TEST(Numpy, ReadsArchives) {
  const auto record = ReadBytes(Reader(), test::MadeArchive(), Told());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 250);
  EXPECT_FLOAT_EQ(record->leads[1][0], 0.12F);
}

TEST(Numpy, AsksWhichArrayOfSeveral) {
  const std::string one = test::Npy("<f4", "(120,)", Counting(120));
  const std::string archive = test::Zip({{"a.npy", one}, {"b.npy", one}});
  EXPECT_NE(ErrorOf(Reader(), archive, Told({"I"})).find("--array"), std::string::npos);
  record::OpenOptions told = Told({"I"});
  told.array = "b";
  EXPECT_TRUE(ReadBytes(Reader(), archive, told).ok());
}

TEST(Numpy, RefusesWhatMakesNoSense) {
  using test::Npy;
  const std::vector<float> few = Counting(10);
  EXPECT_NE(ErrorOf(Reader(), Npy("<f4", "(120,)", few), Told()).find("fewer values"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), Npy("|O", "(120,)", few), Told()).find("descr"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), Npy("<f4", "(17179869184, 17179869184)", few), Told()).find("large"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), Npy("<f4", "(3, 5, 12)", Counting(180)), Told()).find("[3][5][12]"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), Npy("<f4", "(12, 12)", Counting(144)), Told()).find("does not tell"),
            std::string::npos);
  std::string archive = test::MadeArchive();
  archive.resize(archive.size() - 30);
  EXPECT_NE(ErrorOf(Reader(), archive, Told()).find("cut off"), std::string::npos);
}

TEST(Numpy, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(
      Reader(), {test::MadeArchive(), test::Npy("<f4", "(2, 120)", Counting(240))}, true, Told());
}

}  // namespace
}  // namespace ecg::numpy
