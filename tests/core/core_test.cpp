#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cmath>
#include <fstream>

#include "ecg/core/background_writer.h"
#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/parallel.h"
#include "ecg/core/random.h"
#include "tests/support.h"

namespace ecg {
namespace {

TEST(File, WritesWholeAndLeavesNothingBehind) {
  const test::TemporaryFolder folder;
  const auto path = folder / "deep/er/file.txt";
  ASSERT_TRUE(WriteFileAtomic(path, "first").ok());
  ASSERT_TRUE(WriteFileAtomic(path, "second").ok());
  EXPECT_EQ(*ReadFile(path), "second");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
}

TEST(File, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const test::TemporaryFolder folder;
  const auto pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(ReadFile(pipe).error().message.find("not a regular file"), std::string::npos);
  EXPECT_FALSE(ReadFile(folder.path()).ok());
  EXPECT_FALSE(ReadFile(folder / "missing").ok());
  ASSERT_TRUE(WriteFileAtomic(folder / "large", std::string(100, 'x')).ok());
  EXPECT_FALSE(ReadFile(folder / "large", 99).ok());
}

TEST(BackgroundWriter, WritesAllAndTellsWhatFailed) {
  const test::TemporaryFolder folder;
  {
    BackgroundWriter writer(3, 2);
    for (int i = 0; i < 50; ++i) {
      writer.Push(folder / ("f" + std::to_string(i)),
                  std::string(100, static_cast<char>('a' + i % 26)));
    }
    writer.Finish();
    for (int i = 0; i < 50; ++i) {
      EXPECT_EQ(*ReadFile(folder / ("f" + std::to_string(i))),
                std::string(100, static_cast<char>('a' + i % 26)));
    }
  }
  BackgroundWriter writer(1, 2);
  writer.Push(folder / "f0/under/a/file", "x");
  EXPECT_THROW(writer.Finish(), Exception);
}

TEST(Json, AcceptsCommentsAndNamesTheLineOfAnError) {
  EXPECT_EQ(ParseJson("{// one\n\"a\": /* two */ 1}", "f")->root["a"], 1);
  const JsonDocument nested =
      *ParseJson("{\n\"a\": {\n\"b\": 1,\n\"c\": [{\"d\": 1}, {\"d\": 2}]}}", "f");
  EXPECT_EQ(nested.LineOf("a"), 2u);
  EXPECT_EQ(nested.LineOf("a.b"), 3u);
  EXPECT_EQ(nested.LineOf("a.c"), 4u);
  EXPECT_EQ(ParseJson("{\n\n\"a\": }", "f.json").error().line, 3u);
  const Error twice = ParseJson("{\"a\": 1, \"a\": 2}", "f.json").error();
  EXPECT_EQ(twice.ToString(), "f.json:1: a: given twice");
  EXPECT_FALSE(ParseJson(std::string(100000, '['), "f").ok());
  EXPECT_FALSE(ParseJson("[1e999]", "f").ok());
}

TEST(Checksum, EqualsPublishedVectors) {
  EXPECT_EQ(Sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
}

TEST(Rng, DependsOnItsKeyAlone) {
  Rng a({1, 2, 3}), b({1, 2, 3}), c({1, 3, 2});
  EXPECT_EQ(a.Next(), b.Next());
  EXPECT_NE(a.Next(), c.Next());
}

TEST(Rng, HasTheMomentsItPromises) {
  Rng rng({7});
  double sum = 0, squares = 0;
  std::array<int, 5> counts{};
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.Normal();
    sum += x;
    squares += x * x;
    ++counts[rng.Below(5)];
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1.0, 0.02);
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 5, 700);
}

TEST(ParallelFor, VisitsEveryIndexOnceAndRethrows) {
  std::array<std::atomic<int>, 1000> visits{};
  ParallelFor(visits.size(), 4, [&](std::size_t i) { ++visits[i]; });
  for (const auto& count : visits) EXPECT_EQ(count, 1);
  EXPECT_THROW(ParallelFor(100, 4,
                           [](std::size_t i) {
                             if (i == 50) throw Exception(UsageError("fifty"));
                           }),
               Exception);
}

}  // namespace
}  // namespace ecg
