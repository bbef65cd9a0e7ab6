// Work done ahead by several threads, handed over in order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ecg {

// Calls produce(0), produce(1), ... produce(count - 1) on `threads` threads (at least one), at
// most `depth` ahead of the consumer, so that memory stays bounded. Next() gives the results in
// order, whichever thread was first. An exception in produce(i) is thrown by the Next() that
// would have returned its result.
template <typename T>
class OrderedPrefetch {
 public:
  OrderedPrefetch(std::size_t count, int threads, std::size_t depth,
                  std::function<T(std::size_t)> produce)
      : count_(count), depth_(depth > 0 ? depth : 1), produce_(std::move(produce)) {
    for (int i = 0; i < (threads > 0 ? threads : 1); ++i) workers_.emplace_back([this] { Work(); });
  }

  ~OrderedPrefetch() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    room_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  OrderedPrefetch(const OrderedPrefetch&) = delete;
  OrderedPrefetch& operator=(const OrderedPrefetch&) = delete;

  // Empty after the last result.
  std::optional<T> Next() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (consumed_ == count_) return std::nullopt;
    ready_.wait(lock, [this] { return finished_.count(consumed_) > 0; });
    Slot slot = std::move(finished_.extract(consumed_).mapped());
    ++consumed_;
    lock.unlock();
    room_.notify_all();
    if (slot.failure) std::rethrow_exception(slot.failure);
    return std::move(slot.value);
  }

 private:
  struct Slot {
    std::optional<T> value;
    std::exception_ptr failure;
  };

  void Work() {
    for (;;) {
      std::size_t index = 0;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        room_.wait(lock, [this] {
          return stopping_ || started_ == count_ || started_ < consumed_ + depth_;
        });
        if (stopping_ || started_ == count_) return;
        index = started_++;
      }
      Slot slot;
      try {
        slot.value.emplace(produce_(index));
      } catch (...) {
        slot.failure = std::current_exception();
      }
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        finished_.emplace(index, std::move(slot));
      }
      ready_.notify_one();
    }
  }

  const std::size_t count_;
  const std::size_t depth_;
  const std::function<T(std::size_t)> produce_;
  std::mutex mutex_;
  std::condition_variable room_;   // a worker may start another piece
  std::condition_variable ready_;  // a piece is finished
  std::map<std::size_t, Slot> finished_;
  std::size_t started_ = 0;
  std::size_t consumed_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace ecg
