#include "ecg/core/thread_team.h"

#include <utility>

#include "ecg/core/parallel.h"

namespace ecg {

ThreadTeam::ThreadTeam(int threads) : threads_(threads > 0 ? threads : AvailableThreads()) {
  helpers_.Start(
      threads_ - 1, [this] { WaitForWork(); },
      [this] {
        const std::lock_guard<std::mutex> lock(mutex_);
        ended_ = true;
        begun_.notify_all();
      });
}

ThreadTeam::~ThreadTeam() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  begun_.notify_all();
}

void ThreadTeam::ForEach(std::size_t count, const std::function<void(std::size_t)>& body) {
  std::unique_lock<std::mutex> lock(mutex_);
  body_ = &body;
  count_ = count;
  next_ = 0;
  if (count > 1) begun_.notify_all();
  Work(lock);
  finished_.wait(lock, [this] { return working_ == 0; });
  body_ = nullptr;
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadTeam::WaitForWork() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    begun_.wait(lock, [this] { return ended_ || (body_ != nullptr && next_ < count_); });
    if (ended_) return;
    Work(lock);
  }
}

// Takes indices until there are no more.
void ThreadTeam::Work(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const std::size_t index = next_++;
    ++working_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      (*body_)(index);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) {
      if (!failure_) failure_ = failure;
      next_ = count_;
    }
    if (--working_ == 0) finished_.notify_one();
  }
}

}  // namespace ecg
