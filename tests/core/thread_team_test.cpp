#include "ecg/core/thread_team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "ecg/core/result.h"

namespace ecg {
namespace {

TEST(ThreadTeam, DoesEachPieceOfEachCallOnce) {
  ThreadTeam team(3);
  EXPECT_EQ(team.threads(), 3);
  for (std::size_t count = 0; count < 200; ++count) {
    std::vector<std::atomic<int>> visits(count);
    team.ForEach(count, [&](std::size_t i) { ++visits[i]; });
    for (const auto& visit : visits) EXPECT_EQ(visit, 1);
  }
}

// Two pieces that wait for each other end only where two threads have them.
TEST(ThreadTeam, WorksSideBySideOnTheSameThreads) {
  ThreadTeam team(2);
  std::set<std::thread::id> ids;
  std::mutex mutex;
  for (int call = 0; call < 20; ++call) {
    std::promise<void> came[2];
    team.ForEach(2, [&](std::size_t i) {
      came[i].set_value();
      came[1 - i].get_future().wait();
      const std::lock_guard<std::mutex> lock(mutex);
      ids.insert(std::this_thread::get_id());
    });
  }
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_EQ(ids.count(std::this_thread::get_id()), 1u);
}

TEST(ThreadTeam, ThrowsTheFirstFailureAndGoesOn) {
  ThreadTeam team(3);
  for (int call = 0; call < 50; ++call) {
    EXPECT_THROW(team.ForEach(100,
                              [](std::size_t i) {
                                if (i == 50) throw Exception(UsageError("fifty"));
                              }),
                 Exception);
    std::atomic<int> visits{0};
    team.ForEach(10, [&](std::size_t /*i*/) { ++visits; });
    EXPECT_EQ(visits, 10);
  }
}

}  // namespace
}  // namespace ecg
