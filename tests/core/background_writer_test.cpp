#include "ecg/core/background_writer.h"

#include <gtest/gtest.h>

#include "ecg/core/file.h"
#include "tests/support.h"

namespace ecg {
namespace {

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
  try {
    writer.Finish();
    FAIL() << "nothing was told";
  } catch (const Exception& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::kOutput);
    EXPECT_EQ(failure.error().file, (folder / "f0/under/a").string());
  }
}

}  // namespace
}  // namespace ecg
