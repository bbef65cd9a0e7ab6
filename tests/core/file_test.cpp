#include "ecg/core/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

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

}  // namespace
}  // namespace ecg
