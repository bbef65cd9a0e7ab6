#include "ecg/core/memory_budget.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "tests/process.h"
#include "tests/sanitized.h"

namespace ecg {
namespace {

TEST(MemoryBudget, RefusesWhatNeverFits) {
  MemoryBudget budget(2'000'000'000);
  EXPECT_TRUE(budget.Take(2'000'000'000, "a.hea").ok());
  const auto refused = budget.Take(2'100'000'000, "a.hea");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().ToString(),
            "a.hea: memory: needs 2.1 GB, recordings may take 2.0 GB here");
  EXPECT_TRUE(budget.Take(1, "a.hea").ok());
}

// However many ask at once, no more than the limit is out at a time, and all get theirs.
TEST(MemoryBudget, IsSharedByAllThreads) {
  constexpr std::size_t kLimit = 100;
  MemoryBudget budget(kLimit);
  std::atomic<std::size_t> in_use{0}, most{0}, served{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t bytes = 1 + (i * 37 + t * 11) % kLimit;
        const auto share = budget.Take(bytes, {});
        ASSERT_TRUE(share.ok());
        const std::size_t now = in_use += bytes;
        for (std::size_t before = most; before < now && !most.compare_exchange_weak(before, now);) {
        }
        ++served;
        in_use -= bytes;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, 8u * 200u);
  EXPECT_LE(most, kLimit);
}

// Those who want little must not keep who wants much waiting for ever.
TEST(MemoryBudget, ServesWhoAskedFirst) {
  MemoryBudget budget(10);
  std::optional<Result<MemoryBudget::Share>> small = budget.Take(6, {});
  std::atomic<bool> large_served{false}, last_served{false};
  std::thread large([&] {
    const auto share = budget.Take(10, {});
    large_served = true;
    EXPECT_FALSE(last_served);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::thread last([&] {
    const auto share = budget.Take(1, {});  // would fit at once
    last_served = true;
    EXPECT_TRUE(large_served);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(large_served);
  EXPECT_FALSE(last_served);
  small.reset();
  large.join();
  last.join();
}

#ifndef ECG_SANITIZED
TEST(MemoryBudget, WhereMemoryRunsOutIsAnError) {
  const auto ask = [](std::size_t bytes) {
    return WithinMemory("a.hea", [bytes]() -> Result<std::size_t> {
      const std::vector<char> much(bytes);
      return much.size();
    });
  };
  EXPECT_EQ(*ask(10), 10u);
  for (const std::size_t bytes : {SIZE_MAX, SIZE_MAX / 4}) {
    EXPECT_EQ(ask(bytes).error().ToString(), "a.hea: memory: needs more memory than there is");
  }
  const Status thrown = WithinMemory("b", []() -> Status { throw std::bad_alloc(); });
  EXPECT_EQ(thrown.error().file, "b");
  EXPECT_EQ(thrown.error().kind, ErrorKind::kInput);
}

TEST(AvailableMemory, IsNoMoreThanTheProcessMayHave) {
  EXPECT_GT(AvailableMemory(), std::size_t{64} << 20);
  EXPECT_EQ(test::InChildProcess([] {
              const rlimit limit = {std::size_t{64} << 30, std::size_t{64} << 30};
              ::setrlimit(RLIMIT_AS, &limit);
              const std::size_t before = AvailableMemory();
              const rlimit data = {std::size_t{1} << 30, std::size_t{1} << 30};
              ::setrlimit(RLIMIT_DATA, &data);
              return before <= limit.rlim_cur && AvailableMemory() == data.rlim_cur ? 0 : 1;
            }),
            0);
}
#endif

TEST(Bytes, AreToldInWords) {
  EXPECT_EQ(BytesInWords(45), "0.0 kB");
  EXPECT_EQ(BytesInWords(7700), "7.7 kB");
  EXPECT_EQ(BytesInWords(999'700), "1.0 MB");
  EXPECT_EQ(BytesInWords(268'435'456), "268 MB");
  EXPECT_EQ(BytesInWords(4.3e9), "4.3 GB");
  EXPECT_EQ(BytesInWords(1e30), "1000000000000000 PB");
}

TEST(Bytes, NeverRunOver) {
  EXPECT_EQ(ToBytes(12.7), 12u);
  EXPECT_EQ(ToBytes(-1), 0u);
  EXPECT_EQ(ToBytes(1e300), SIZE_MAX / 2);
}

}  // namespace
}  // namespace ecg
