// Work done ahead by several threads, handed over in order.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "ecg/core/thread_group.h"

namespace ecg {

// How much may be alive at a time: pieces that are being made, that wait, and the one in the
// consumer's hands. A piece that is heavier than the limit is made while no other is alive.
struct PrefetchBudget {
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  // Of piece i, in bytes, samples or whatever `limit` counts. Asked for once for each piece, in
  // order; may be empty where there is no limit.
  std::function<std::size_t(std::size_t)> weight;
};

// Calls produce(0), produce(1), ... produce(count - 1) on `threads` threads (at least one), at
// most `depth` ahead of the consumer and within the budget, so that memory stays bounded. Next()
// gives the results in order, whichever thread was first. An exception in produce(i) is thrown by
// the Next() that would have returned its result; the next call goes on with piece i + 1. The
// constructor throws Exception (kInternal) where a thread cannot be started.
template <typename T>
class OrderedPrefetch {
 public:
  OrderedPrefetch(std::size_t count, int threads, std::size_t depth,
                  std::function<T(std::size_t)> produce, PrefetchBudget budget = {})
      : count_(count),
        depth_(std::max<std::size_t>(depth, 1)),
        produce_(std::move(produce)),
        budget_(std::move(budget)) {
    const auto wanted = static_cast<std::size_t>(std::max(threads, 1));
    threads_.Start(
        static_cast<int>(std::min(wanted, count)), [this] { Work(); }, [this] { Stop(); });
  }

  // Waits for the pieces that are being made, and for no others.
  ~OrderedPrefetch() { Stop(); }

  OrderedPrefetch(const OrderedPrefetch&) = delete;
  OrderedPrefetch& operator=(const OrderedPrefetch&) = delete;

  // Empty after the last result and after Stop(). What the call before gave no longer counts
  // against the budget.
  std::optional<T> Next() {
    std::unique_lock<std::mutex> lock(mutex_);
    in_use_ -= std::exchange(in_hands_, 0);
    released_ = consumed_;
    may_begin_.notify_all();
    ready_.wait(lock, [this] {
      return stopping_ || consumed_ == count_ || finished_.count(consumed_) > 0;
    });
    if (stopping_ || consumed_ == count_) return std::nullopt;
    Piece piece = std::move(finished_.extract(consumed_).mapped());
    ++consumed_;
    in_hands_ = piece.weight;
    lock.unlock();
    may_begin_.notify_all();
    if (piece.failure) std::rethrow_exception(piece.failure);
    return std::move(piece.value);
  }

  // No further piece is begun or handed over. Returns at once; any thread may call it.
  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    may_begin_.notify_all();
    ready_.notify_all();
  }

 private:
  struct Piece {
    std::size_t weight = 0;
    std::optional<T> value;
    std::exception_ptr failure;
  };

  void Work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      may_begin_.wait(lock, [this] { return stopping_ || started_ == count_ || MayBegin(); });
      if (stopping_ || started_ == count_) return;
      const std::size_t index = started_++;
      Piece piece = std::move(*next_);
      next_.reset();
      in_use_ += piece.weight;
      lock.unlock();
      if (!piece.failure) Capture(piece, [&] { piece.value.emplace(produce_(index)); });
      lock.lock();
      finished_.emplace(index, std::move(piece));
      ready_.notify_all();
    }
  }

  // Looks at piece `started_`, the only one that may be next.
  bool MayBegin() {
    if (started_ - consumed_ >= depth_) return false;
    if (!next_) {
      next_.emplace();
      if (budget_.weight) Capture(*next_, [&] { next_->weight = budget_.weight(started_); });
    }
    const bool alone = started_ == released_;
    return alone || (in_use_ <= budget_.limit && next_->weight <= budget_.limit - in_use_);
  }

  template <typename Step>
  static void Capture(Piece& piece, const Step& step) {
    try {
      step();
    } catch (...) {
      piece.failure = std::current_exception();
    }
  }

  const std::size_t count_;
  const std::size_t depth_;
  const std::function<T(std::size_t)> produce_;
  const PrefetchBudget budget_;
  std::mutex mutex_;
  std::condition_variable may_begin_;
  std::condition_variable ready_;  // a piece is finished
  std::map<std::size_t, Piece> finished_;
  std::optional<Piece> next_;  // piece `started_`, once its weight is known
  // Pieces that were begun, handed over, given back; each number is at most the one before.
  std::size_t started_ = 0;
  std::size_t consumed_ = 0;
  std::size_t released_ = 0;
  std::size_t in_use_ = 0;    // weight of the pieces from released_ to started_
  std::size_t in_hands_ = 0;  // weight of the piece that the consumer has
  bool stopping_ = false;
  ThreadGroup threads_;  // goes first, before what its threads use
};

}  // namespace ecg
