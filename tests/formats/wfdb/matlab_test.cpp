#include "ecg/formats/wfdb/matlab.h"

#include <cstring>
#include <string>

#include "ecg/formats/wfdb/record.h"
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
  ExpectRefused("MATLAB 5.0 MAT-file, Platform: GLNXA64", "version 5.0");
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
  EXPECT_NE(read(Words({0, 2, 10, 0, 4}), "r 2 500 10\n" + line + line).find("format"),
            std::string::npos);
  EXPECT_NE(read("MATLAB 5.0 MAT-file ", "r 2 500 10\n" + line + line).find("version 5.0"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg::wfdb
