#include "ecg/core/stop_token.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <thread>

#include "ecg/core/prefetch.h"

namespace ecg {
namespace {

TEST(StopToken, CopiesShareOneWishAndCallOnce) {
  const StopToken token;
  const StopToken copy = token;
  int calls = 0;
  const StopToken::Callback callback(copy, [&] { ++calls; });
  std::optional<StopToken::Callback> gone(std::in_place, token, [&] { calls += 100; });
  gone.reset();
  EXPECT_FALSE(copy.StopRequested());
  token.RequestStop();
  token.RequestStop();
  EXPECT_TRUE(copy.StopRequested());
  EXPECT_EQ(calls, 1);
  const StopToken::Callback late(token, [&] { calls += 10; });
  EXPECT_EQ(calls, 11);
  EXPECT_FALSE(StopToken().StopRequested());
}

TEST(StopToken, WakesWhoWaitsForWork) {
  const StopToken token;
  std::promise<void> end_of_work;
  const std::shared_future<void> may_end = end_of_work.get_future().share();
  OrderedPrefetch<int> slow(3, 1, 1, [&](std::size_t i) {
    if (i == 1) may_end.wait();
    return 0;
  });
  const StopToken::Callback callback(token, [&] { slow.Stop(); });
  EXPECT_TRUE(slow.Next().has_value());
  std::thread other([&] { token.RequestStop(); });
  EXPECT_FALSE(slow.Next().has_value());
  other.join();
  end_of_work.set_value();
}

}  // namespace
}  // namespace ecg
