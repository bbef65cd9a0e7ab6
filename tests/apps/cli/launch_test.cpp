// The launcher of processes, with shells in place of a training run.
#include "src/apps/cli/launch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "tests/process.h"

namespace ecg {
namespace {
namespace fs = std::filesystem;

class LaunchTest : public testing::Test {
 protected:
  static std::vector<std::string> Words(int processes, int patience, const std::string& script) {
    return {std::to_string(processes),
            std::to_string(patience),
            std::to_string(patience),
            "/bin/sh",
            "-c",
            script};
  }
  test::Outcome Launch(int processes, const std::string& script, int patience = 60000) {
    return test::RunProgram("launch_helper", Words(processes, patience, script), folder_.path());
  }
  // Whether every process has written the file that carries its rank.
  bool AllWrote(const std::string& name, int processes) {
    return test::Soon([&] {
      for (int rank = 0; rank < processes; ++rank) {
        const auto text = ReadFile(folder_ / (name + std::to_string(rank)));
        if (!text || text->empty() || text->back() != '\n') return false;
      }
      return true;
    });
  }
  std::string Wrote(const std::string& name) { return ReadFile(folder_ / name).value(); }

  test::TemporaryFolder folder_;
};

// Whether a process runs; one that has ended may be left to its parent. Files of /proc have no
// size, so that they are read as streams.
bool Runs(const std::string& pid) {
  std::ifstream stat("/proc/" + std::string(Trim(pid)) + "/stat");
  std::string line;
  return std::getline(stat, line) && line.find(") Z") == std::string::npos;
}

TEST_F(LaunchTest, AllSucceed) {
  const test::Outcome done = Launch(3,
                                    "echo $RANK $WORLD_SIZE $MASTER_ADDR $MASTER_PORT > env$RANK; "
                                    "echo out $RANK; echo err $RANK >&2");
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.out, "out 0\n");
  EXPECT_EQ(done.err, "err 0\n");
  const std::string first = Wrote("env0");
  EXPECT_EQ(first.rfind("0 3 127.0.0.1 ", 0), 0u) << first;
  EXPECT_GT(ParseInt(Trim(first.substr(14))).value_or(0), 1023);
  EXPECT_EQ(Wrote("env1"), "1" + first.substr(1));
  EXPECT_EQ(Wrote("env2"), "2" + first.substr(1));
}

TEST_F(LaunchTest, ReturnsWhatFailedFirst) {
  const test::Outcome failed =
      Launch(3, "echo warning $RANK >&2; [ $RANK != 1 ] || exit 7; sleep 0.3; exit 1");
  EXPECT_EQ(failed.status, 7);
  EXPECT_EQ(failed.err,
            "warning 0\nlaunch_helper: process 2 of 3 ended with exit code 7\nwarning 1\n");
}

TEST_F(LaunchTest, SaysOnceWhatAllSay) {
  const test::Outcome failed = Launch(3, "echo no such file >&2; exit 3");
  EXPECT_EQ(failed.status, 3);
  EXPECT_EQ(failed.err, "no such file\n");
}

TEST_F(LaunchTest, NamesSignals) {
  const test::Outcome killed = Launch(2, "[ $RANK = 0 ] || kill -KILL $$");
  EXPECT_EQ(killed.status, 128 + SIGKILL);
  EXPECT_NE(killed.err.find("process 2 of 2 was ended by signal Killed"), std::string::npos)
      << killed.err;
}

TEST_F(LaunchTest, EndsThoseThatDoNotEndThemselves) {
  const auto start = std::chrono::steady_clock::now();
  const test::Outcome failed =
      Launch(3,
             "echo $$ > pid$RANK; case $RANK in 0) exec sleep 100;; 1) trap '' TERM; exec sleep "
             "100;; esac; while [ ! -s pid0 ] || [ ! -s pid1 ]; do sleep 0.01; done; exit 6",
             300);
  EXPECT_EQ(failed.status, 6);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  for (const std::string name : {"pid0", "pid1"}) EXPECT_FALSE(Runs(Wrote(name)));
}

TEST_F(LaunchTest, PassesSignalsOn) {
  for (const auto& [signal, code] : {std::pair(SIGINT, 4), std::pair(SIGTERM, 5)}) {
    const std::string name = "ready" + std::to_string(signal) + "_";
    test::RunningProgram running("launch_helper",
                                 Words(2, 60000,
                                       "trap 'exit 4' INT; trap 'exit 5' TERM; echo yes > " + name +
                                           "$RANK; while :; do sleep 0.02; done"),
                                 folder_.path());
    ASSERT_TRUE(AllWrote(name, 2));
    running.Signal(signal);
    EXPECT_EQ(running.Wait().status, code);
  }
}

TEST_F(LaunchTest, LeavesNobodyBehind) {
  test::RunningProgram running("launch_helper",
                               Words(2, 60000, "echo $$ > pid$RANK; trap '' TERM; exec sleep 100"),
                               folder_.path());
  ASSERT_TRUE(AllWrote("pid", 2));
  EXPECT_TRUE(Runs(Wrote("pid0")) && Runs(Wrote("pid1")));
  running.Signal(SIGKILL);
  EXPECT_EQ(running.Wait().status, 128 + SIGKILL);
  EXPECT_TRUE(test::Soon([&] { return !Runs(Wrote("pid0")) && !Runs(Wrote("pid1")); }));
}

TEST_F(LaunchTest, NoSuchProgram) {
  EXPECT_EQ(
      test::RunProgram("launch_helper", {"2", "500", "500", "/no/such"}, folder_.path()).status,
      127);
}

TEST(WithoutOptionTest, BothForms) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(cli::WithoutOption({"-c", "x", "--nproc", "2", "-q"}, "--nproc"),
            (Words{"-c", "x", "-q"}));
  EXPECT_EQ(cli::WithoutOption({"--nproc=2", "--nprocs", "-q"}, "--nproc"),
            (Words{"--nprocs", "-q"}));
}

}  // namespace
}  // namespace ecg
