#include "ecg/formats/hdf5/reader.h"

#include <gtest/gtest.h>

#include "tests/formats/hdf5/hdf5_file.h"
#include "tests/formats/reader_kit.h"

namespace ecg::hdf5 {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;
using test::File;

record::OpenOptions Told(const std::string& array = {}) {
  record::OpenOptions told;
  told.sampling_rate = 500;
  told.units = "mV";
  told.leads = {"I", "II"};
  told.array = array;
  return told;
}

TEST(Hdf5, ReadsEitherGenerationOfHeaders) {
  for (const bool second : {false, true}) {
    record::OpenOptions told;
    told.leads = {"I", "II"};
    const auto record = ReadBytes(Reader(), test::Plain(second), told);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_EQ(record->info.format, "HDF5");
    EXPECT_EQ(record->info.sampling_rate, 250);
    ASSERT_EQ(record->info.samples, 120U);
    EXPECT_FLOAT_EQ(record->leads[0][3], -0.017F);
    EXPECT_FLOAT_EQ(record->leads[1][3], 0.103F);
    told.array = "/g/ecg";
    EXPECT_TRUE(ReadBytes(Reader(), test::Plain(second), told).ok());
    told.array = "/g/other";
    EXPECT_NE(ErrorOf(Reader(), test::Plain(second), told).find("/g/ecg [2][120]"),
              std::string::npos);
  }
}

TEST(Hdf5, ReadsChunks) {
  record::OpenOptions told = Told();
  told.leads.clear();
  const auto record = ReadBytes(Reader(), test::Chunked(), told);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"II", "V1"}));
  for (std::size_t i = 0; i < 120; ++i) {
    EXPECT_EQ(record->leads[0][i], static_cast<float>(i) - 20);
    EXPECT_EQ(record->leads[1][i], static_cast<float>(i) + 100);
  }
}

TEST(Hdf5, ReadsOneRecordingOfSeveral) {
  EXPECT_NE(ErrorOf(Reader(), test::Several(), Told()).find("3 recordings in /tracings; --array"),
            std::string::npos);
  for (const char* array : {"/tracings[1]", "tracings[1]"}) {
    const auto record = ReadBytes(Reader(), test::Several(), Told(array));
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    ASSERT_EQ(record->info.samples, 60U);
    EXPECT_EQ(record->leads[1][2], 120 + 5);
  }
  record::OpenOptions one = Told("ecg[1]");  // a lead is a recording, too
  one.leads = {"II"};
  const auto lead = ReadBytes(Reader(), test::Plain(), one);
  ASSERT_TRUE(lead.ok()) << lead.error().ToString();
  EXPECT_FLOAT_EQ(lead->leads[0][3], 0.103F);
  EXPECT_NE(ErrorOf(Reader(), test::Several(), Told("tracings[3]")).find("from 0"),
            std::string::npos);
}

TEST(Hdf5, ReadsOneRecordingOfSeveralFromChunks) {
  // Chunks of two recordings and one lead each; the last reach beyond the third recording.
  File file;
  std::vector<std::pair<std::vector<std::uint64_t>, std::string>> chunks;
  for (unsigned at = 0; at < 4; at += 2) {
    for (unsigned lead = 0; lead < 2; ++lead) {
      chunks.push_back(
          {{at, 0, lead}, test::Counting(static_cast<int>(1000 * at + 500 * lead), 120)});
    }
  }
  const std::string bytes =
      file.Bytes(file.Group({{"x", file.Chunked({3, 60, 2}, {2, 60, 1}, chunks)}}));
  const auto last = ReadBytes(Reader(), bytes, Told("x[2]"));
  ASSERT_TRUE(last.ok()) << last.error().ToString();
  EXPECT_EQ(last->leads[0][59], 2059);
  EXPECT_EQ(last->leads[1][59], 2559);
  const auto middle = ReadBytes(Reader(), bytes, Told("x[1]"));
  ASSERT_TRUE(middle.ok()) << middle.error().ToString();
  EXPECT_EQ(middle->leads[1][0], 560);
}

TEST(Hdf5, KnowsTheLeadsOfCode) {
  File file;
  const std::uint64_t tracings =
      file.Contiguous({1, 4096, 12}, test::Signed(2), test::Counting(0, 4096 * 12));
  record::OpenOptions told = Told();
  told.leads.clear();
  const auto record = ReadBytes(Reader(), file.Bytes(file.Group({{"tracings", tracings}})), told);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads[3], "aVR");
  EXPECT_EQ(record->leads[6][1], 18);
  ASSERT_EQ(record->warnings.size(), 1U);
  EXPECT_NE(record->warnings[0].find("layout of CODE"), std::string::npos);
}

TEST(Hdf5, ReadsMatlab73) {
  record::OpenOptions told = Told();
  told.units.clear();
  const auto record = ReadBytes(Reader(), test::Matlab73(), told, {}, "r.mat");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->leads[1][2], 5);
  EXPECT_EQ(Reader().Recognises(test::Matlab73().substr(0, 4096)), record::Recognition::kCertain);
}

TEST(Hdf5, ReadsFloats) {
  const auto first = [](const std::string& type, const std::string& value) {
    std::string values;
    for (int i = 0; i < 100; ++i) values += value;
    File file;
    record::OpenOptions told = Told();
    told.leads = {"I"};
    const auto record = ReadBytes(
        Reader(), file.Bytes(file.Group({{"x", file.Contiguous({100}, type, values)}})), told);
    EXPECT_TRUE(record.ok()) << record.error().ToString();
    return record.ok() ? record->leads[0][99] : 0;
  };
  EXPECT_FLOAT_EQ(first(test::Half(), test::Number(0xC100, 2)), -2.5F);
  EXPECT_FLOAT_EQ(first(test::Float(), test::Number(0xC0200000, 4)), -2.5F);
  EXPECT_FLOAT_EQ(first(test::Unsigned16(), test::Number(0xFFFF, 2)), 65535);
  EXPECT_FLOAT_EQ(first(test::Signed(8), std::string(8, '\xFF')), -1);
}

TEST(Hdf5, IsRefusedForAReason) {
  EXPECT_NE(ErrorOf(Reader(), "none").find("no HDF5 file"), std::string::npos);
  File missing;
  std::vector<std::pair<std::vector<std::uint64_t>, std::string>> chunk = {
      {{0, 0}, test::Counting(0, 50)}};
  EXPECT_NE(
      ErrorOf(Reader(),
              missing.Bytes(missing.Group({{"x", missing.Chunked({2, 120}, {1, 50}, chunk)}})),
              Told())
          .find("never written"),
      std::string::npos);
  File twice;
  chunk.push_back(chunk.front());
  EXPECT_NE(
      ErrorOf(Reader(), twice.Bytes(twice.Group({{"x", twice.Chunked({2, 120}, {1, 50}, chunk)}})),
              Told())
          .find("twice"),
      std::string::npos);
  File large;
  EXPECT_NE(
      ErrorOf(Reader(),
              large.Bytes(large.Group({{"x", large.Chunked({2, 100000000}, {1, 100000000}, {})}})),
              Told())
          .find("no room"),
      std::string::npos);
  File wide;
  EXPECT_NE(
      ErrorOf(Reader(), wide.Bytes(wide.Group({{"x", wide.Chunked({2, 120}, {1, 100000000}, {})}})),
              Told())
          .find("far larger"),
      std::string::npos);
  File beyond;
  EXPECT_NE(ErrorOf(Reader(),
                    beyond.Bytes(beyond.Group(
                        {{"x", beyond.Contiguous({2, 1200000}, test::Signed(2), "ab")}})),
                    Told())
                .find("beyond the file"),
            std::string::npos);
}

// Values of other files are never opened.
TEST(Hdf5, DoesNotFollowAFileIntoOthers) {
  File file;
  const std::uint64_t external = file.Contiguous({2, 120}, test::Signed(2), test::Counting(0, 240),
                                                 {{0x07, std::string(24, '\0')}});
  EXPECT_NE(
      ErrorOf(Reader(), file.Bytes(file.Group({{"x", external}})), Told()).find("other files"),
      std::string::npos);
}

TEST(Hdf5, CirclesEnd) {
  File file;
  // A group that holds itself is seen once; a tree whose node is its own child is refused.
  const std::string bytes = file.Bytes(file.Group({{"again", 96 + 48 + 40}}));
  EXPECT_NE(ErrorOf(Reader(), bytes, Told()), "(no error)");
  std::string tree = test::Plain();
  const std::size_t node = tree.find("TREE");
  tree[node + 5] = 1;                              // its children are nodes
  tree.replace(node + 32, 8, test::Number(node));  // itself
  EXPECT_NE(ErrorOf(Reader(), tree, Told()).find("tree"), std::string::npos);
}

TEST(Hdf5, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(
      Reader(), {test::Plain(), test::Plain(true), test::Chunked(), test::Matlab73()}, false,
      Told());
}

}  // namespace
}  // namespace ecg::hdf5
