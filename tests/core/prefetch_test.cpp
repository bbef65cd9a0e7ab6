#include "ecg/core/prefetch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "ecg/core/random.h"

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

// Counts what is alive, from the beginning of a piece to the end of its result's life.
class Gauge {
 public:
  class Load {
   public:
    Load(Gauge& gauge, std::size_t weight) : gauge_(&gauge), weight_(weight) {
      gauge_->Change(weight_, 1);
    }
    Load(Load&& other) noexcept
        : gauge_(std::exchange(other.gauge_, nullptr)), weight_(other.weight_) {}
    ~Load() {
      if (gauge_ != nullptr) gauge_->Change(0 - weight_, 0 - std::size_t{1});
    }

   private:
    Gauge* gauge_;
    std::size_t weight_;
  };

  explicit Gauge(std::size_t limit) : limit_(limit) {}
  bool exceeded() const { return exceeded_; }
  std::size_t most() const { return most_; }

 private:
  void Change(std::size_t weight, std::size_t count) {
    const std::lock_guard<std::mutex> lock(mutex_);
    weight_ += weight;
    count_ += count;
    most_ = std::max(most_, count_);
    if (weight_ > limit_ && count_ > 1) exceeded_ = true;
  }

  const std::size_t limit_;
  std::mutex mutex_;
  std::size_t weight_ = 0, count_ = 0, most_ = 0;
  bool exceeded_ = false;
};

TEST(OrderedPrefetch, StaysWithinItsBudgetWhateverThePiecesWeigh) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::vector<std::size_t> weights;
    Rng rng({seed});
    // One in ten is heavier than the budget of 100, and some weigh nothing.
    for (int i = 0; i < 400; ++i) weights.push_back(rng.Below(rng.Chance(0.1) ? 1000 : 40));
    Gauge gauge(100);
    using Made = std::pair<std::size_t, Gauge::Load>;
    OrderedPrefetch<Made> prefetch(weights.size(), 16, 32,
                                   [&](std::size_t i) {
                                     Made made(i, Gauge::Load(gauge, weights[i]));
                                     if (i % 7 == 0)
                                       std::this_thread::sleep_for(std::chrono::microseconds(200));
                                     return made;
                                   },
                                   {100, [&](std::size_t i) { return weights[i]; }});
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::optional<Made> made = prefetch.Next();
      ASSERT_TRUE(made.has_value());
      EXPECT_EQ(made->first, i);
      if (i % 11 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
    EXPECT_FALSE(prefetch.Next().has_value());
    EXPECT_FALSE(gauge.exceeded());
    EXPECT_GT(gauge.most(), 2u);  // the budget leaves room for several at a time
  }
}

TEST(OrderedPrefetch, CountsWhatTheConsumerHolds) {
  std::atomic<int> begun{0};
  OrderedPrefetch<int> prefetch(10, 2, 10, [&](std::size_t) { return ++begun; },
                                {10, [](std::size_t) { return 10; }});
  for (int i = 1; i <= 10; ++i) {
    prefetch.Next();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_EQ(begun, i);
  }
}

TEST(OrderedPrefetch, ThrowsWhatAWeightThrows) {
  const auto make = [](std::size_t i) { return static_cast<int>(i); };
  OrderedPrefetch<int> prefetch(5, 3, 3, make, {10, [](std::size_t i) -> std::size_t {
                                                  if (i == 1) throw std::runtime_error("one");
                                                  return 20;
                                                }});
  EXPECT_EQ(*prefetch.Next(), 0);
  EXPECT_THROW(prefetch.Next(), std::runtime_error);
  for (int i = 2; i < 5; ++i) EXPECT_EQ(*prefetch.Next(), i);
  EXPECT_FALSE(prefetch.Next().has_value());
}

TEST(OrderedPrefetch, IsLeftAtAnyTimeWithoutWaitingForTheRest) {
  const PrefetchBudget budget = {3, [](std::size_t) { return std::size_t{1}; }};
  for (int taken = 0; taken < 40; ++taken) {
    std::atomic<int> begun{0};
    {
      OrderedPrefetch<int> prefetch(
          std::size_t{1} << 40, 8, 100, [&](std::size_t) { return ++begun; }, budget);
      for (int i = 0; i < taken; ++i) prefetch.Next();
    }
    EXPECT_LE(begun, taken + 3);
  }
  OrderedPrefetch<int> none(0, 8, 4, [](std::size_t) { return 1; });
  EXPECT_FALSE(none.Next().has_value());
}

TEST(OrderedPrefetch, StopsFromAnotherThreadWhileTheConsumerWaits) {
  std::atomic<bool> stopped{false};
  OrderedPrefetch<int> prefetch(10, 2, 4, [&](std::size_t i) {
    while (i == 3 && !stopped) std::this_thread::yield();  // a piece that is not to be had before
    return static_cast<int>(i);
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*prefetch.Next(), i);
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    prefetch.Stop();
    stopped = true;
  });
  EXPECT_FALSE(prefetch.Next().has_value());
  stopper.join();
  EXPECT_FALSE(prefetch.Next().has_value());
}

}  // namespace
}  // namespace ecg
