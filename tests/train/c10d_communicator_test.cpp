// Several processes that sum and agree, among them some that are lost.
#include "src/train/c10d_communicator.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

#include "tests/process.h"

namespace ecg::train {
namespace {

std::string FreePort() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(probe, any, size), 0);
  EXPECT_EQ(::getsockname(probe, any, &size), 0);
  ::close(probe);
  return std::to_string(ntohs(address.sin_port));
}

class C10dCommunicatorTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!BuiltForSeveralProcesses()) GTEST_SKIP() << "built without ECG_DISTRIBUTED";
  }

  // One more process of `size`.
  test::RunningProgram& Start(std::size_t rank, std::size_t size,
                              const std::vector<std::string>& words) {
    return running_.emplace_back("rank_helper", words, folder_.path(), [=] {
      ::setenv("RANK", std::to_string(rank).c_str(), 1);
      ::setenv("WORLD_SIZE", std::to_string(size).c_str(), 1);
      ::setenv("MASTER_ADDR", "127.0.0.1", 1);
      ::setenv("MASTER_PORT", port_.c_str(), 1);
    });
  }
  std::vector<test::Outcome> RunAll(std::size_t size, const std::vector<std::string>& words) {
    for (std::size_t rank = 0; rank < size; ++rank) Start(rank, size, words);
    return WaitForAll();
  }
  std::vector<test::Outcome> WaitForAll() {
    std::vector<test::Outcome> outcomes;
    for (test::RunningProgram& program : running_) {
      if (program.pid() != 0) outcomes.push_back(program.Wait());
    }
    return outcomes;
  }

  // Three processes are summing when one gets a signal; what the other two say then, and when.
  void Lose(std::size_t rank, int signal, const std::string& timeout, const std::string& message,
            double seconds) {
    for (std::size_t i = 0; i < 3; ++i) Start(i, 3, {timeout, "forever"});
    for (test::RunningProgram& program : running_) {
      ASSERT_TRUE(test::Soon([&] { return program.out() == "ready\n"; }));
    }
    const auto start = std::chrono::steady_clock::now();
    running_[rank].Signal(signal);
    for (std::size_t i = 0; i < 3; ++i) {
      if (i == rank) continue;
      const test::Outcome outcome = running_[i].Wait();
      EXPECT_EQ(outcome.status, 1) << outcome.err;
      EXPECT_NE(outcome.err.find(message), std::string::npos) << outcome.err;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::duration<double>(seconds));
  }

  test::TemporaryFolder folder_;
  const std::string port_ = FreePort();
  std::deque<test::RunningProgram> running_;
};

TEST(MakeCommunicatorTest, OneProcessNeedsNothing) {
  const auto communicator = MakeCommunicator({});
  EXPECT_EQ(communicator->rank(), 0u);
  EXPECT_EQ(communicator->size(), 1u);
  EXPECT_FALSE(communicator->Any(false));
}

TEST_F(C10dCommunicatorTest, SumsAreTheSameToTheLastBit) {
  for (const std::size_t size : {2, 3}) {
    running_.clear();
    const std::vector<test::Outcome> outcomes = RunAll(size, {"60", "sum"});
    for (const test::Outcome& outcome : outcomes) {
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      EXPECT_EQ(outcome.out.size(), 65u);
      EXPECT_EQ(outcome.out, outcomes[0].out);
    }
  }
}

TEST_F(C10dCommunicatorTest, Any) {
  for (const test::Outcome& outcome : RunAll(3, {"60", "any"})) {
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "no yes yes yes \n");
  }
}

TEST_F(C10dCommunicatorTest, LeavesAtOnce) {
  for (const test::Outcome& outcome : RunAll(3, {"60", "join"})) {
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(C10dCommunicatorTest, Agreement) {
  for (const test::Outcome& outcome : RunAll(3, {"60", "agree", "a"})) {
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }
  running_.clear();
  for (std::size_t rank = 0; rank < 3; ++rank) {
    Start(rank, 3, {"60", "agree", rank == 1 ? "b" : "a"});
  }
  for (const test::Outcome& outcome : WaitForAll()) {
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.err.find("do not agree"), std::string::npos) << outcome.err;
  }
}

TEST_F(C10dCommunicatorTest, AProcessIsKilled) { Lose(1, SIGKILL, "60", "process was lost", 30); }

TEST_F(C10dCommunicatorTest, TheFirstProcessIsKilled) {
  Lose(0, SIGKILL, "60", "process was lost", 30);
}

TEST_F(C10dCommunicatorTest, AProcessStops) {
  Lose(1, SIGSTOP, "10", "another process", 60);
  running_[1].Signal(SIGKILL);
}

TEST_F(C10dCommunicatorTest, AProcessDoesNotCome) {
  Start(0, 3, {"5", "join"});
  Start(2, 3, {"5", "join"});
  const std::vector<test::Outcome> outcomes = WaitForAll();
  for (const test::Outcome& outcome : outcomes) EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_NE(outcomes[0].err.find(" of 3 processes came within 5.0 s"), std::string::npos)
      << outcomes[0].err;
}

TEST_F(C10dCommunicatorTest, TheFirstProcessDoesNotCome) {
  const test::Outcome outcome = Start(1, 2, {"2", "join"}).Wait();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("process 1 of 2 did not answer at 127.0.0.1:" + port_),
            std::string::npos)
      << outcome.err;
}

TEST_F(C10dCommunicatorTest, TwoAreTheSame) {
  Start(0, 3, {"3", "join"});
  Start(1, 3, {"3", "join"});
  Start(1, 3, {"3", "join"});
  std::size_t refused = 0;
  for (const test::Outcome& outcome : WaitForAll()) {
    if (outcome.err.find("two processes say that they are process 2 of 3") != std::string::npos) {
      EXPECT_EQ(outcome.status, 2);
      ++refused;
    }
  }
  EXPECT_EQ(refused, 1u);
}

TEST_F(C10dCommunicatorTest, ThePortIsTaken) {
  Start(0, 2, {"3", "join"});
  const test::Outcome second = Start(0, 2, {"1", "join"}).Wait();
  const test::Outcome first = running_[0].Wait();
  const test::Outcome& refused = first.status == 2 ? first : second;
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("MASTER_PORT"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace ecg::train
