// LibTorch is loaded from where it is installed, and from nowhere else.
#include "src/engines/libtorch_library.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/process.h"
#include "tests/support.h"

namespace ecg::engines {
namespace {

namespace fs = std::filesystem;

TEST(LibTorchLibrary, LiesWhereTheProgramIsInstalledTo) {
  const fs::path file = FindLibTorchLibrary();
  ASSERT_EQ(file.filename(), kLibTorchFile);
  EXPECT_NE(file.string().find(fs::path(ECG_BIN_DIR).parent_path().string()), std::string::npos);
  const auto library = LoadLibTorchLibrary();
  ASSERT_TRUE(library.ok()) << library.error().ToString();
  EXPECT_STREQ((*library)->build, BuildName());
}

TEST(LibTorchLibrary, ProgramsStartWithoutIt) {
  for (const char* program : {"ecgpredict", "ecgmodel", "ecgreport"}) {
    const test::Outcome linked =
        test::RunProgram("/usr/bin/ldd", {(fs::path(ECG_BIN_DIR) / program).string()}, "/");
    ASSERT_EQ(linked.status, 0) << linked.err;
    EXPECT_NE(linked.out.find("dnnl"), std::string::npos);
    EXPECT_EQ(linked.out.find("torch"), std::string::npos) << program << "\n" << linked.out;
  }
}

// A program that lies alone, with the library in the working folder and on the loader's path.
TEST(LibTorchLibrary, NeitherTheWorkingFolderNorTheEnvironmentNamesIt) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "alone/bin");
  fs::create_directories(folder / "work");
  fs::copy_file(fs::path(ECG_BIN_DIR) / "ecgpredict", folder / "alone/bin/ecgpredict");
  fs::create_symlink(FindLibTorchLibrary(), folder / "work" / kLibTorchFile);
  test::TestRecord record;
  test::WriteRecord(folder / "in", record);
  const std::string work = (folder / "work").string();
  const test::Outcome run =
      test::RunProgram((folder / "alone/bin/ecgpredict").string(),
                       {(folder / "in").string(), (folder / "out").string(), "--model",
                        test::SourcePath("data/models/general").string(), "--engine", "libtorch"},
                       work, [&] { ::setenv("LD_LIBRARY_PATH", work.c_str(), 1); });
  EXPECT_EQ(run.status, 2);
  EXPECT_NE(run.err.find("not installed here"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace ecg::engines
