#include "ecg/core/thread_group.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "ecg/core/background_writer.h"
#include "ecg/core/parallel.h"
#include "ecg/core/prefetch.h"
#include "ecg/core/result.h"
#include "tests/process.h"

namespace ecg {
namespace {

constexpr int kFailedAsPromised = 0;
constexpr int kWentOn = 1;
constexpr int kFailedOtherwise = 2;
constexpr int kNoLimitHere = 77;

// From now on the process can start two threads and no more, unless it is run by one who may all.
bool LimitThreads() {
  constexpr uid_t kNobody = 64321;  // the limit is that of a user, and root has none
  if (::getuid() == 0 && ::setuid(kNobody) != 0) return false;
  const rlimit limit = {3, 3};
  if (::setrlimit(RLIMIT_NPROC, &limit) != 0) return false;
  std::atomic<bool> done{false};
  const auto wait = [&] {
    while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  std::vector<std::thread> threads;
  bool limited = false;
  try {
    for (int i = 0; i < 5; ++i) threads.emplace_back(wait);
  } catch (const std::system_error&) {
    limited = true;
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  // The kernel counts a thread for a moment after it was joined.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return limited;
}

int WithoutThreads(const std::function<void()>& work) {
  return test::InChildProcess([&] {
    if (!LimitThreads()) return kNoLimitHere;
    try {
      work();
      return kWentOn;
    } catch (const Exception& failure) {
      const bool clear = failure.error().kind == ErrorKind::kInternal &&
                         failure.error().message.find("cannot start thread ") == 0 &&
                         failure.error().message.find("ulimit -u") != std::string::npos;
      return clear ? kFailedAsPromised : kFailedOtherwise;
    }
  });
}

TEST(ThreadGroup, TellsWhereAThreadCannotBeStarted) {
  const int prefetch =
      WithoutThreads([] { OrderedPrefetch<int> eight(100, 8, 8, [](std::size_t) { return 1; }); });
  if (prefetch == kNoLimitHere) GTEST_SKIP() << "the number of threads cannot be limited here";
  EXPECT_EQ(prefetch, kFailedAsPromised);
  const auto slowly = [](std::size_t) {  // so that no thread ends before all are started
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  EXPECT_EQ(WithoutThreads([&] { ParallelFor(100, 8, slowly); }), kFailedAsPromised);
  EXPECT_EQ(WithoutThreads([] { BackgroundWriter writer(8, 2); }), kFailedAsPromised);
  // What fits goes through.
  EXPECT_EQ(WithoutThreads([] { ParallelFor(100, 2, [](std::size_t) {}); }), kWentOn);
}

TEST(ThreadGroup, JoinsWhatItStarted) {
  std::atomic<int> ended{0};
  const auto work = [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++ended;
  };
  {
    ThreadGroup group;
    group.Start(5, work, [] {});
    group.Join();
    EXPECT_EQ(ended, 5);
    group.Start(5, work, [] {});
  }
  EXPECT_EQ(ended, 10);
}

}  // namespace
}  // namespace ecg
