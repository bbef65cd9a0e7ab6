#include "ecg/formats/wfdb/matlab.h"

#include <cstring>
#include <string>
#include <vector>

#include "ecg/formats/wfdb/record.h"
#include "ecg/record/reader.h"
#include "tests/formats/wfdb/matlab5.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

std::string Words(std::initializer_list<std::uint32_t> words, bool big_endian = false) {
  std::string bytes;
  for (const std::uint32_t word : words) {
    for (int i = 0; i < 4; ++i) {
      bytes += static_cast<char>(word >> (8 * (big_endian ? 3 - i : i)) & 0xff);
    }
  }
  return bytes;
}

template <typename T>
std::string Values(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) {
    bytes.append(sizeof(T), '\0');
    std::memcpy(bytes.data() + bytes.size() - sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

const std::string kVal("val\0", 4);

TEST(Matlab, ReadsEveryNumberFormat) {
  const auto read = [](std::uint32_t type, const std::string& values) {
    const Result<MatlabFile> file =
        MatlabFile::Parse(Words({type, 1, 2, 0, 4}) + kVal + values, "m.mat");
    EXPECT_TRUE(file.ok()) << (file.ok() ? "" : file.error().ToString());
    return file.ok() ? file->Values(file->matrices()[0]) : std::vector<double>();
  };
  EXPECT_EQ(read(0, Values<double>({-1.5, 1e300})), (std::vector<double>{-1.5, 1e300}));
  EXPECT_EQ(read(10, Values<float>({-1.5F, 2})), (std::vector<double>{-1.5, 2}));
  EXPECT_EQ(read(20, Values<std::int32_t>({-100000, 7})), (std::vector<double>{-100000, 7}));
  EXPECT_EQ(read(30, Values<std::int16_t>({-32768, 7})), (std::vector<double>{-32768, 7}));
  EXPECT_EQ(read(40, Values<std::uint16_t>({65535, 7})), (std::vector<double>{65535, 7}));
  EXPECT_EQ(read(50, Values<std::uint8_t>({255, 7})), (std::vector<double>{255, 7}));
}

TEST(Matlab, ReadsSeveralMatricesInBothByteOrders) {
  const std::string little =
      Words({30, 2, 3, 0, 4}) + kVal + Values<std::int16_t>({1, 2, 3, 4, 5, 6});
  const std::string big = Words({1030, 1, 2, 1, 2}, true) + std::string("b\0", 2) +
                          std::string("\x01\x02\xff\xfe\0\0\0\0", 8);
  const Result<MatlabFile> file = MatlabFile::Parse(little + big, "m.mat");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  ASSERT_EQ(file->matrices().size(), 2U);
  const MatlabMatrix* val = file->Find("val");
  ASSERT_NE(val, nullptr);
  EXPECT_EQ(val->data_offset, 24U);
  EXPECT_EQ(file->Values(*val), (std::vector<double>{1, 3, 5, 2, 4, 6}));
  const MatlabMatrix* b = file->Find("b");
  ASSERT_NE(b, nullptr);
  EXPECT_TRUE(b->complex);
  EXPECT_EQ(file->At(*b, 0, 0), 0x0102);
  EXPECT_EQ(file->At(*b, 0, 1), -2);
  EXPECT_EQ(file->Find("c"), nullptr);
}

TEST(Matlab, EmptyMatricesTakeNoTime) {
  const Result<MatlabFile> file =
      MatlabFile::Parse(Words({30, 0x7fffffff, 0, 0, 4}) + kVal, "m.mat");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_TRUE(file->Values(file->matrices()[0]).empty());
}

void ExpectRefused(const std::string& bytes, const std::string& what) {
  const Result<MatlabFile> file = MatlabFile::Parse(bytes, "m.mat");
  ASSERT_FALSE(file.ok()) << what;
  EXPECT_NE(file.error().ToString().find(what), std::string::npos) << file.error().ToString();
}

TEST(Matlab, SaysWhatItDoesNotRead) {
  ExpectRefused("MATLAB 5.0 MAT-file, Platform: GLNXA64", "too short");
  ExpectRefused("MATLAB 7.3 MAT-file, Platform: GLNXA64", "version 7.3");
  ExpectRefused("", "too short");
  ExpectRefused(Words({31, 1, 1, 0}), "too short");
  ExpectRefused(Words({32, 1, 1, 0, 4}) + kVal, "sparse");
  ExpectRefused(Words({2030, 1, 1, 0, 4}) + kVal, "VAX");
  ExpectRefused(Words({130, 1, 1, 0, 4}) + kVal, "not a MATLAB file");
  ExpectRefused(Words({60, 1, 1, 0, 4}) + kVal, "not a MATLAB file");
  ExpectRefused(Words({30, 0xffffffff, 1, 0, 4}) + kVal, "negative");
  ExpectRefused(Words({30, 1, 1, 0, 0xffffffff}) + kVal, "name");
  ExpectRefused(Words({30, 12, 5000, 0, 4}) + kVal, "does not fit");
  // 2^31 - 1 squared, and a product of 2^64.
  ExpectRefused(Words({30, 0x7fffffff, 0x7fffffff, 0, 4}) + kVal, "does not fit");
  ExpectRefused(Words({0, 0x40000000, 0x40000000, 1, 4}) + kVal, "does not fit");
}

// A header must read the matrix as it is.
TEST(Matlab, CatchesHeadersThatMisreadIt) {
  const ecg::test::TemporaryFolder folder;
  const auto read = [&](const std::string& preamble, const std::string& header) {
    test::WriteText(folder / "r.mat", preamble + kVal + std::string(200, '\1'));
    test::WriteText(folder / "r.hea", header);
    const Result<Record> record = ReadRecord(folder / "r.hea");
    return record.ok() ? std::string("read") : record.error().ToString();
  };
  const std::string two_by_ten = Words({30, 2, 10, 0, 4});
  const std::string line = "r.mat 16+24 1000/mV\n";
  EXPECT_EQ(read(two_by_ten, "r 2 500 10\n" + line + line), "read");
  EXPECT_NE(read(two_by_ten, "r 1 500 10\n" + line).find("has 2 rows"), std::string::npos);
  EXPECT_NE(read(two_by_ten, "r 2 500 11\n" + line + line).find("has 10 columns"),
            std::string::npos);
  EXPECT_NE(read(two_by_ten, "r 2 500 10\nr.mat 16 1\nr.mat 16 1\n").find("byte offset"),
            std::string::npos);
  EXPECT_NE(
      read(Words({0, 2, 10, 0, 4}), "r 2 500 10\n" + line + line)
          .find("format: the matrix of r.mat is of little-endian float64, the header says 16"),
      std::string::npos);
  EXPECT_NE(read("MATLAB 7.3 MAT-file ", "r 2 500 10\n" + line + line).find("version 7.3"),
            std::string::npos);
}

// Where the file is as long as the header has it, the matrix's word is one against two. WFDB's
// wfdb2mat writes such files for signals of 24 and of 12 bits in one record.
TEST(Matlab, BelievesTheHeaderWhereTheFileIsAsLongAsItSays) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.mat",
                  Words({20, 1, 3, 0, 4}) + kVal + Values<std::int16_t>({1, 2, 3}));
  test::WriteText(folder / "r.hea", "r 1 500 3\nr.mat 16+24 1000/mV 16 0 1 6 0 I\n");
  const Result<Record> record = ReadRecord(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->digital[0], (std::vector<std::int32_t>{1, 2, 3}));
  ASSERT_EQ(record->warnings.size(), 1U);
  EXPECT_NE(record->warnings[0].find("the matrix of r.mat is of little-endian int32, the header "
                                     "says 16"),
            std::string::npos);
  record::ReadOptions strict;
  strict.strict = true;
  EXPECT_EQ(ReadRecord(folder / "r.hea", strict).error().field, "format");
}

// A name is no format.
TEST(Matlab, ReadsWhatIsNoMatlabFileAsTheHeaderSays) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.mat", Values<std::int16_t>({1, 2, 3}));
  test::WriteText(folder / "r.hea", "r 1 500 3\nr.mat 16 1000/mV 16 0 1 6 0 I\n");
  const Result<Record> record = ReadRecord(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->digital[0], (std::vector<std::int32_t>{1, 2, 3}));
  ASSERT_EQ(record->warnings.size(), 1U);
  EXPECT_NE(record->warnings[0].find("r.mat is read as the header says, but is no MATLAB file"),
            std::string::npos);
}

// What wfdb2mat makes of records of 8, 16 and 32 bits, in the version 5 of today, the version 4 of
// before, and of either byte order.
TEST(Matlab, ReadsRecordsInEveryTypeThatIsAFormat) {
  struct Stored {
    std::uint32_t type4, type5;
    bool big_endian;
    std::string format, values;
  };
  const std::vector<Stored> all = {
      {30, 3, false, "16", Values<std::int16_t>({1, -2, 3, -4})},
      {1030, 3, true, "61", std::string("\0\1\xff\xfe\0\3\xff\xfc", 8)},
      {20, 5, false, "32", Values<std::int32_t>({1, -2, 3, -4})},
      {40, 4, false, "160", Values<std::uint16_t>({32769, 32766, 32771, 32764})},
      {50, 2, false, "80", Values<std::uint8_t>({129, 126, 131, 124})},
      {1050, 2, true, "80", Values<std::uint8_t>({129, 126, 131, 124})},
  };
  const ecg::test::TemporaryFolder folder;
  const auto expect_read = [&](const std::string& bytes, const std::string& format) {
    test::WriteText(folder / "r.mat", bytes);
    const std::string line = "r.mat " + format + " 1000/mV 16 0 ";
    test::WriteText(folder / "r.hea", "r 2 500 2\n" + line + "1 4 0 I\n" + line + "-2 -6 0 II\n");
    const Result<Record> record = ReadRecord(folder / "r.hea");
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_TRUE(record->warnings.empty()) << record->warnings[0];
    EXPECT_EQ(record->digital, (std::vector<std::vector<std::int32_t>>{{1, 3}, {-2, -4}}));
  };
  for (const Stored& stored : all) {
    SCOPED_TRACE(stored.format);
    expect_read(Words({stored.type4, 2, 2, 0, 4}, stored.big_endian) + kVal + stored.values,
                stored.format + "+24");
    const test::Matlab5 matlab(stored.big_endian);
    expect_read(matlab.File(2, 2, stored.type5, stored.values), stored.format + "+192");
    // MATLAB and SciPy put short names into their tags.
    expect_read(matlab.Header() +
                    matlab.Element(14, matlab.Element(6, matlab.Word(6) + matlab.Word(0)) +
                                           matlab.Element(5, matlab.Word(2) + matlab.Word(2)) +
                                           matlab.SmallElement(1, "val") +
                                           matlab.Element(stored.type5, stored.values)),
                stored.format + "+184");
  }
}

// wfdb-python leaves out the zeros that should fill up the last element.
TEST(Matlab, ReadsVersion5WithoutTheLastPadding) {
  std::string bytes = test::Matlab5().File(1, 3, 3, Values<std::int16_t>({1, 2, 3}));
  bytes.resize(bytes.size() - 2);
  const Result<MatlabFile> file = MatlabFile::Parse(bytes, "m.mat");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->Values(file->matrices()[0]), (std::vector<double>{1, 2, 3}));
}

TEST(Matlab, ReadsSeveralMatricesOfVersion5) {
  for (const bool big_endian : {false, true}) {
    const test::Matlab5 matlab(big_endian);
    const std::string bytes = matlab.File(1, 3, 1, "\1\xff\3") +
                              matlab.Matrix(2, 1, 6, matlab.Word(7) + matlab.Word(0xffffffff)) +
                              matlab.Matrix(1, 2, 16, "ab", 4);
    const Result<MatlabFile> file = MatlabFile::Parse(bytes, "m.mat");
    ASSERT_TRUE(file.ok()) << file.error().ToString();
    ASSERT_EQ(file->matrices().size(), 3U);
    EXPECT_EQ(file->matrices()[0].version, 5);
    EXPECT_EQ(file->Values(file->matrices()[0]), (std::vector<double>{1, -1, 3}));
    EXPECT_EQ(file->Values(file->matrices()[1]), (std::vector<double>{7, 4294967295.0}));
    EXPECT_TRUE(file->matrices()[2].text);
    EXPECT_EQ(file->At(file->matrices()[2], 0, 1), 'b');
  }
}

TEST(Matlab, SaysWhatOfVersion5ItDoesNotRead) {
  const test::Matlab5 matlab;
  const std::string header = matlab.Header(), values = Values<std::int16_t>({1, 2});
  ExpectRefused(header, "too short");
  ExpectRefused(header + matlab.Element(15, "zip"), "compressed: save it without");
  ExpectRefused(header + matlab.Element(3, "xy"), "found an element of type 3");
  ExpectRefused(header + matlab.Matrix(1, 2, 3, values, 5), "sparse");
  ExpectRefused(header + matlab.Matrix(1, 2, 3, values, 1), "cells");
  ExpectRefused(header + matlab.Matrix(1, 1, 12, std::string(8, '\1')), "values of type 12");
  ExpectRefused(header + matlab.Matrix(1, 3, 3, values), "1 x 3 int16 do not take the 4 bytes");
  ExpectRefused(header + matlab.Matrix(0x80000000, 2, 3, values), "negative");
  ExpectRefused(header + matlab.Matrix(1, 2, 3, values).substr(0, 50), "name: missing");
  ExpectRefused(matlab.File(1, 2, 3, values).substr(0, 194), "does not fit");
  ExpectRefused(header + matlab.Element(14, matlab.Element(6, matlab.Word(6) + matlab.Word(0)) +
                                                matlab.Element(5, std::string(12, '\1')) +
                                                matlab.Element(1, "val")),
                "expected 2, found 3");
  ExpectRefused(matlab.Header("MATLAB 5.0").substr(0, 126) + "XY" + header, "no byte order");
}

}  // namespace
}  // namespace ecg::wfdb
