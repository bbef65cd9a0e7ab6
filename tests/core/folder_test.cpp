#include "ecg/core/folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support.h"

namespace ecg {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<std::string>;

class ListFilesTest : public ::testing::Test {
 protected:
  void Make(const std::string& path) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << "x";
  }
  // `link` leads to `target`, both below the folder of the test.
  void Link(const std::string& link, const std::string& target) {
    fs::create_directories((folder_ / link).parent_path());
    fs::create_symlink(folder_ / target, folder_ / link);
  }
  Files List(const std::string& folder, bool recursive = true) {
    const Result<Files> files = ListFiles(folder_ / folder, ".hea", recursive);
    EXPECT_TRUE(files.ok()) << (files.ok() ? "" : files.error().ToString());
    return files.ok() ? *files : Files();
  }

  test::TemporaryFolder folder_;
};

TEST_F(ListFilesTest, FindsFilesAtAnyDepth) {
  for (const char* path : {"in/b/R2.HEA", "in/R1.hea", "in/b.hea", "in/b/R2.mat", "in/.hidden.hea",
                           "in/.hidden/R3.hea", "in/.hea", "elsewhere/R4.hea"}) {
    Make(path);
  }
  Link("in/R5.hea", "elsewhere/R4.hea");
  EXPECT_EQ(List("in"), (Files{"R1.hea", "R5.hea", "b.hea", "b/R2.HEA"}));
  EXPECT_EQ(List("in", /*recursive=*/false), (Files{"R1.hea", "R5.hea", "b.hea"}));
}

TEST_F(ListFilesTest, FollowsLinksToFolders) {
  Make("in/local/R1.hea");
  Make("elsewhere/g1/R2.hea");
  Make("elsewhere/g1/deep/R3.hea");
  Link("in/g1", "elsewhere/g1");
  EXPECT_EQ(List("in"), (Files{"g1/R2.hea", "g1/deep/R3.hea", "local/R1.hea"}));
  EXPECT_EQ(List("in", /*recursive=*/false), Files());
  Link("link to in", "in");
  EXPECT_EQ(List("link to in"), List("in"));
}

TEST_F(ListFilesTest, ListsNoFolderTwice) {
  Make("in/z/R1.hea");
  Make("out/R2.hea");
  Make("out/sub/R3.hea");
  Link("in/a", "in/z");  // a folder that is listed anyway
  Link("in/c", "out");   // two ways to one folder
  Link("in/b", "out");
  Link("in/d", "out/sub");    // behind one that was followed
  Link("out/back", "in");     // back into what is listed
  Link("out/itself", "out");  // in circles
  Link("in/up", "");          // the folder above, which holds `in` and `out`
  Link("in/broken", "nowhere");
  EXPECT_EQ(List("in"), (Files{"b/R2.hea", "b/sub/R3.hea", "z/R1.hea"}));
}

TEST_F(ListFilesTest, FollowsLinksBehindLinks) {
  Make("one/R1.hea");
  Make("two/R2.hea");
  Link("in/one", "one");
  Link("one/two", "two");
  Link("two/one", "one");
  EXPECT_EQ(List("in"), (Files{"one/R1.hea", "one/two/R2.hea"}));
}

TEST_F(ListFilesTest, SaysWhatItCannotList) {
  EXPECT_NE(ListFiles(folder_ / "none", ".hea", true).error().ToString().find("cannot list"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg
