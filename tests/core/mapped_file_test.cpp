#include "ecg/core/mapped_file.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

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

TEST(MappedFile, HoldsAnyPartOfAFile) {
  const test::TemporaryFolder folder;
  const std::string bytes = SomeBytes(20000);
  WriteFileAtomic(folder / "file", bytes).value();
  std::optional<InputFile> file = InputFile::Open(folder / "file").value();
  for (const std::size_t offset : {0, 1, 4095, 4096, 8200, 19999}) {
    for (const std::size_t size : {1, 64, 4097, 20000}) {
      const Result<MappedFile> part = MappedFile::Part(*file, offset, size);
      ASSERT_EQ(part.ok(), offset + size <= bytes.size()) << offset << ' ' << size;
      if (!part.ok()) continue;
      ASSERT_EQ(part->bytes(), bytes.substr(offset, size));
    }
  }
  EXPECT_FALSE(MappedFile::Part(*file, 5, 0).ok());
  EXPECT_FALSE(MappedFile::Part(*file, 1, ~std::uint64_t{0}).ok());
  const MappedFile part = MappedFile::Part(*file, 5000, 9000).value();
  file.reset();
  EXPECT_EQ(part.bytes(), bytes.substr(5000, 9000));
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
