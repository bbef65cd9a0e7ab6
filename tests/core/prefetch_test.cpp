#include "ecg/core/prefetch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

namespace ecg {
namespace {

TEST(OrderedPrefetch, KeepsTheOrderWhateverFinishesFirst) {
  OrderedPrefetch<int> prefetch(50, 4, 8, [](std::size_t i) {
    if (i % 5 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return static_cast<int>(i);
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(*prefetch.Next(), i);
  EXPECT_FALSE(prefetch.Next().has_value());
}

TEST(OrderedPrefetch, StaysWithinItsDepth) {
  std::atomic<int> started{0};
  OrderedPrefetch<int> prefetch(100, 4, 3, [&](std::size_t) { return ++started; });
  for (int i = 0; i < 20; ++i) {
    EXPECT_LE(started, i + 3);
    prefetch.Next();
  }
}

TEST(OrderedPrefetch, ThrowsInTurnAndStopsWhenLeft) {
  OrderedPrefetch<int> prefetch(1000, 3, 10, [](std::size_t i) {
    if (i == 2) throw std::runtime_error("two");
    return static_cast<int>(i);
  });
  EXPECT_EQ(*prefetch.Next(), 0);
  EXPECT_EQ(*prefetch.Next(), 1);
  EXPECT_THROW(prefetch.Next(), std::runtime_error);
  EXPECT_EQ(*prefetch.Next(), 3);
}

}  // namespace
}  // namespace ecg
