#include "ecg/core/near_miss.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "ecg/core/file.h"
#include "ecg/core/folder.h"
#include "tests/support.h"

namespace ecg {
namespace {

class NearMissTest : public ::testing::Test {
 protected:
  void Make(const std::string& name) { std::ofstream(folder_ / name) << "x"; }
  std::string Of(const std::string& name) { return NearMiss(folder_ / name); }

  static std::string One(const std::string& name) {
    return "; " + name + " lies beside it: is that what was meant?";
  }

  test::TemporaryFolder folder_;
};

TEST_F(NearMissTest, KnowsOtherCases) {
  Make("A0002.DAT");
  Make("A0002.HEA");
  EXPECT_EQ(Of("A0002.dat"), One("A0002.DAT"));
  EXPECT_EQ(Of("a0002.hea"), One("A0002.HEA"));
}

TEST_F(NearMissTest, KnowsOtherEndings) {
  Make("A0001.mat");
  Make("rec.1.hea");
  Make("labels");
  for (const char* name : {"A0001", "A0001.dat", "a0001", "A0001.MAT"}) {
    EXPECT_EQ(Of(name), One("A0001.mat")) << name;
  }
  EXPECT_EQ(Of("rec.1"), One("rec.1.hea"));
  EXPECT_EQ(Of("labels.csv"), One("labels"));
}

TEST_F(NearMissTest, NamesAllThatMayBeMeant) {
  Make("A0001.hea");
  Make("A0001.mat");
  EXPECT_EQ(Of("A0001"), "; A0001.mat, A0001.hea lie beside it: is one of them what was meant?");
}

TEST_F(NearMissTest, SaysNothingWhereNothingIsNear) {
  Make("A0003.mat");
  for (const char* name : {"A0001.mat", "", ".", "..", "none/A0003.mat"}) {
    EXPECT_EQ(Of(name), "") << name;
  }
  EXPECT_EQ(NearMiss(""), "");
}

TEST_F(NearMissTest, StandsInTheErrorsOfMissingFilesAndFolders) {
  Make("Table.csv");
  std::filesystem::create_directory(folder_ / "DATA");
  EXPECT_EQ(ReadFile(folder_ / "table.csv").ok(), false);
  Make("list.CSV");
  EXPECT_NE(ReadFile(folder_ / "list.csv").error().message.find(One("list.CSV")),
            std::string::npos);
  EXPECT_NE(ListFiles(folder_ / "data", ".hea", true).error().message.find(One("DATA")),
            std::string::npos);
  EXPECT_NE(ListFiles(folder_ / "data/", ".hea", true).error().message.find(One("DATA")),
            std::string::npos);
}

}  // namespace
}  // namespace ecg
