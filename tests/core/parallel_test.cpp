#include "ecg/core/parallel.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>

#include "ecg/core/result.h"

namespace ecg {
namespace {

TEST(ParallelFor, VisitsEveryIndexOnceAndRethrows) {
  std::array<std::atomic<int>, 1000> visits{};
  ParallelFor(visits.size(), 4, [&](std::size_t i) { ++visits[i]; });
  for (const auto& count : visits) EXPECT_EQ(count, 1);
  EXPECT_THROW(ParallelFor(100, 4,
                           [](std::size_t i) {
                             if (i == 50) throw Exception(UsageError("fifty"));
                           }),
               Exception);
}

TEST(ParallelFor, TakesNothingToDo) {
  ParallelFor(0, 4, [](std::size_t) { FAIL(); });
}

TEST(AvailableThreads, CountsTheProcessorsThatMayBeUsed) {
  cpu_set_t all;
  ASSERT_EQ(::sched_getaffinity(0, sizeof(all), &all), 0);
  EXPECT_GE(AvailableThreads(), 1);
  EXPECT_LE(AvailableThreads(), CPU_COUNT(&all));
  for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
    if (!CPU_ISSET(i, &all)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(i, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof(one), &one), 0);
    EXPECT_EQ(AvailableThreads(), 1);
    ASSERT_EQ(::sched_setaffinity(0, sizeof(all), &all), 0);
    break;
  }
}

}  // namespace
}  // namespace ecg
