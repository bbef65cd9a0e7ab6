#include "ecg/data/sim/data_set.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "ecg/core/file.h"
#include "tests/support.h"

namespace ecg::sim {
namespace {

std::map<std::string, std::string> FilesOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename().string()] = ReadFile(entry.path()).value();
  }
  return files;
}

TEST(DataSet, SameBytesWhateverTheNumberOfThreads) {
  const test::TemporaryFolder folder;
  DataSetOptions options;
  options.count = 24;
  options.simulation.duration = 5;
  options.threads = 1;
  WriteDataSet(folder / "one", options, nullptr).value();
  options.threads = 4;
  WriteDataSet(folder / "four", options, nullptr).value();
  const auto one = FilesOf(folder / "one");
  EXPECT_EQ(one.size(), 3 * options.count + 1);
  EXPECT_TRUE(one == FilesOf(folder / "four"));

  options.simulation.seed = 2;
  WriteDataSet(folder / "other", options, nullptr).value();
  const auto other = FilesOf(folder / "other");
  EXPECT_NE(one.at("A0001.mat"), other.at("A0001.mat"));
}

TEST(DataSet, ALaterStretchContinuesTheSet) {
  const test::TemporaryFolder folder;
  DataSetOptions options;
  options.count = 12;
  options.simulation.duration = 5;
  WriteDataSet(folder / "all", options, nullptr).value();
  options.first = 6;
  options.count = 6;
  WriteDataSet(folder / "rest", options, nullptr).value();
  auto all = FilesOf(folder / "all");
  for (const auto& [name, bytes] : FilesOf(folder / "rest")) {
    if (name != "manifest.csv") {
      EXPECT_EQ(all.at(name), bytes) << name;
    }
  }
}

}  // namespace
}  // namespace ecg::sim
