#include "ecg/core/parallel.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ecg
