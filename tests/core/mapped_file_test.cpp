#include "ecg/core/mapped_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "tests/support.h"

namespace ecg {
namespace {

std::string SomeBytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i * 7 + i / 256));
  return bytes;
}

TEST(MappedFile, HoldsAWholeFile) {
  const test::TemporaryFolder folder;
  const std::string bytes = SomeBytes(10000);
  WriteFileAtomic(folder / "file", bytes).value();
  MappedFile file = MappedFile::Open(folder / "file").value();
  const MappedFile moved = std::move(file);
  EXPECT_EQ(moved.bytes(), bytes);
}

TEST(MappedFile, FollowsAFileThatGrows) {
  const test::TemporaryFolder folder;
  const std::string bytes = SomeBytes(20000);
  std::ofstream file(folder / "file", std::ios::binary);
  const MappedFile mapped = MappedFile::Open(folder / "file", 1 << 20).value();
  EXPECT_EQ(mapped.bytes().size(), std::size_t{1} << 20);
  for (std::size_t at = 0; at < bytes.size(); at += 1000) {
    (file << bytes.substr(at, 1000)).flush();
    EXPECT_EQ(mapped.bytes().substr(0, at + 1000), bytes.substr(0, at + 1000));
    mapped.Release();
  }
  EXPECT_EQ(MappedFile::Open(folder / "file", 10)->bytes(), bytes);
}

TEST(MappedFile, RefusesWhatHasNoBytes) {
  const test::TemporaryFolder folder;
  WriteFileAtomic(folder / "empty", "").value();
  EXPECT_FALSE(MappedFile::Open(folder / "empty").ok());
  EXPECT_FALSE(MappedFile::Open(folder / "missing").ok());
  EXPECT_FALSE(MappedFile::Open(folder.path()).ok());
}

}  // namespace
}  // namespace ecg
