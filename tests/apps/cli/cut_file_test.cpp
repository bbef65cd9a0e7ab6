#include "src/apps/cli/cut_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include "ecg/core/file.h"
#include "ecg/core/mapped_file.h"
#include "src/apps/cli/tool.h"
#include "tests/process.h"

namespace ecg::cli {
namespace {

// What is on stderr of a child that does this.
std::string ErrorsOf(const std::filesystem::path& file, int& status,
                     const std::function<void()>& body) {
  status = test::InChildProcess([&] {
    if (std::freopen(file.c_str(), "w", stderr) == nullptr) return 99;
    ExplainCutFiles("cut off\n");
    body();
    return 0;
  });
  return ReadFile(file).value();
}

TEST(CutFile, EndsWithItsMessageAndNothingElseDoes) {
  const test::TemporaryFolder folder;
  const std::filesystem::path pack = folder / "pack";
  WriteFileAtomic(pack, std::string(1 << 16, 'x')).value();
  int status = 0;
  EXPECT_EQ(ErrorsOf(folder / "err", status,
                     [&] {
                       const MappedFile mapped = MappedFile::Open(pack).value();
                       std::filesystem::resize_file(pack, 100);
                       const volatile char* at = mapped.bytes().data() + (1 << 15);
                       static_cast<void>(*at);
                     }),
            "cut off\n");
  EXPECT_EQ(status, kInputMissing);
  EXPECT_EQ(ErrorsOf(folder / "other", status, [] { ::kill(::getpid(), SIGBUS); }), "");
  EXPECT_EQ(status, 128 + SIGBUS);
}

}  // namespace
}  // namespace ecg::cli
