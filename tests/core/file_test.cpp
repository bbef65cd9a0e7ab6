#include "ecg/core/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <iterator>
#include <thread>
#include <vector>

#include "ecg/core/line_log.h"
#include "ecg/core/partial_file.h"
#include "tests/process.h"
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

// A disk that is full: in a child process that may write 1000 bytes into a file.
int WriteWhereTheDiskIsFull(const std::filesystem::path& folder) {
  return test::InChildProcess([&] {
    test::LimitFileSize(1000);
    const Status status = WriteFileAtomic(folder / "file", std::string(5000, 'x'));
    return !status.ok() && status.error().kind == ErrorKind::kOutput &&
                   status.error().message.find("cannot write: ") == 0 &&
                   status.error().file == (folder / "file").string()
               ? 0
               : 1;
  });
}

TEST(File, LeavesTheOldFileWhereTheDiskIsFull) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomic(folder / "file", "old").ok());
  EXPECT_EQ(WriteWhereTheDiskIsFull(folder.path()), 0);
  EXPECT_EQ(*ReadFile(folder / "file"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, SaysWhatStandsInTheWayOfAnOutput) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomic(folder / "taken", "x").ok());
  EXPECT_EQ(CreateFolder(folder / "taken").error().kind, ErrorKind::kOutput);
  EXPECT_EQ(CreateFolder(folder / "taken/below").error().kind, ErrorKind::kOutput);
  const Error below = WriteFileAtomic(folder / "taken/below/file", "x").error();
  EXPECT_EQ(below.ToString(),
            (folder / "taken/below").string() + ": cannot create folder: Not a directory");
  EXPECT_EQ(below.kind, ErrorKind::kOutput);
  ASSERT_TRUE(CreateFolder(folder / "folder").ok());
  EXPECT_EQ(WriteFileAtomic(folder / "folder", "x").error().kind, ErrorKind::kOutput);
}

TEST(WriteFileAtomic, WritesToPipesAndReplacesNothingButFiles) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = ReadFileOrPipe(folder / "pipe").value(); });
  EXPECT_TRUE(WriteFileAtomic(folder / "pipe", "through").ok());
  reader.join();
  EXPECT_EQ(got, "through");
  std::thread again([&] { got = ReadFileOrPipe(folder / "pipe").value(); });
  {
    PartialFile partial(folder / "pipe");
    partial.Write("bit by bit");
    partial.Finish();
  }
  again.join();
  EXPECT_EQ(got, "bit by bit");
  EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
  EXPECT_TRUE(WriteFileAtomic("/dev/null", "nothing").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  std::filesystem::create_directory(folder / "a folder");
  EXPECT_EQ(WriteFileAtomic(folder / "a folder", "x").error().message, "is a folder");
  EXPECT_THROW(PartialFile(folder / "a folder"), Exception);
}

TEST(WriteFileAtomic, TakesNamesOfAnyLengthThatAFileMayHave) {
  const test::TemporaryFolder folder;
  const std::string name(255, 'n');
  EXPECT_TRUE(WriteFileAtomic(folder / name, "x").ok());
  EXPECT_EQ(*ReadFile(folder / name), "x");
  PartialFile partial(folder / name);
  partial.Write("y");
  partial.Finish();
  EXPECT_EQ(*ReadFile(folder / name), "y");
  EXPECT_FALSE(WriteFileAtomic(folder / (name + "n"), "x").ok());
}

TEST(WriteNewFile, OnlyOneOfManyMakesIt) {
  const test::TemporaryFolder folder;
  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (WriteNewFile(folder / "stamp", std::string(1000, static_cast<char>('a' + i))).value()) {
        ++made;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  const std::string bytes = *ReadFile(folder / "stamp");
  EXPECT_EQ(bytes, std::string(1000, bytes[0]));
  EXPECT_FALSE(WriteNewFile(folder / "stamp", "x").value());
  EXPECT_EQ(*ReadFile(folder / "stamp"), bytes);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

// Lines of several writers stay whole; one that was cut off ends where the next one begins.
TEST(LineLog, AddsWholeLines) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomic(folder / "log", "first\nhalf a li").ok());
  LineLog one = LineLog::Open(folder / "log").value(), two = LineLog::Open(folder / "log").value();
  EXPECT_TRUE(one.Add("a").ok());
  EXPECT_TRUE(two.Add("b").ok());
  EXPECT_TRUE(one.Add("c").ok());
  EXPECT_EQ(*ReadFile(folder / "log"), "first\nhalf a li\na\nb\nc\n");
  std::filesystem::create_symlink(folder / "log", folder / "link");
  EXPECT_FALSE(LineLog::Open(folder / "link").ok());
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(LineLog::Open(folder / "pipe").ok());
}

}  // namespace
}  // namespace ecg
