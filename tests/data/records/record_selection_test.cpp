#include "ecg/data/records/record_selection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "tests/core/encodings.h"
#include "tests/support.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Names(const Result<std::vector<RecordPath>>& records) {
  EXPECT_TRUE(records.ok()) << (records.ok() ? "" : records.error().ToString());
  std::vector<std::string> names;
  for (const RecordPath& record : *records) names.push_back(record.id);
  return names;
}

TEST(SelectRecords, FindsThoseBehindLinks) {
  const test::TemporaryFolder folder;
  test::TestRecord record;
  record.samples = 10;
  for (const char* name : {"R2", "R3"}) {
    record.name = name;
    test::WriteRecord(folder / "elsewhere/g1", record);
  }
  record.name = "R1";
  test::WriteRecord(folder / "in/local", record);
  fs::create_directory_symlink("../elsewhere/g1", folder / "in/g1");
  EXPECT_EQ(Names(SelectRecords(folder / "in", {})),
            (std::vector<std::string>{"g1/R2", "g1/R3", "local/R1"}));
}

TEST(SelectRecords, ReadsListsInAnyEncoding) {
  const test::TemporaryFolder folder;
  const std::string list = "# some\rb\ra.hea\r";
  RecordSelection selection;
  selection.list = folder / "list.txt";
  for (const std::string& bytes :
       {list, test::MarkedUtf16(list), test::MarkedUtf16(list, true), "\xEF\xBB\xBF" + list}) {
    ASSERT_TRUE(WriteFileAtomic(selection.list, bytes, Durability::kCached).ok());
    EXPECT_EQ(Names(SelectRecords(folder.path(), selection)), (std::vector<std::string>{"a", "b"}));
  }
  ASSERT_TRUE(WriteFileAtomic(selection.list, test::Utf16(list), Durability::kCached).ok());
  EXPECT_NE(SelectRecords(folder.path(), selection).error().message.find("save it as UTF-8"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg::data
