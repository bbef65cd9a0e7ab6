// Threads that stay for many short pieces of work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>

#include "ecg/core/thread_group.h"

namespace ecg {

// The thread that calls ForEach and `threads - 1` others, which sleep between the calls.
class ThreadTeam {
 public:
  // 0 = AvailableThreads(). Throws Exception (kInternal) where a thread cannot be started.
  explicit ThreadTeam(int threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int threads() const { return threads_; }

  // Calls body(index) once for every index in [0, count). Whoever is free takes the next index, so
  // that a thread that gets less time does less. The first exception stops the handing out and is
  // thrown again here, after all threads have finished what they had. One call at a time.
  void ForEach(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  void WaitForWork();
  void Work(std::unique_lock<std::mutex>& lock);

  const int threads_;
  std::mutex mutex_;
  std::condition_variable begun_, finished_;
  bool ended_ = false;
  // Of the present call.
  const std::function<void(std::size_t)>* body_ = nullptr;
  std::size_t count_ = 0, next_ = 0;
  std::size_t working_ = 0;  // threads in the middle of an index
  std::exception_ptr failure_;
  ThreadGroup helpers_;  // goes first
};

}  // namespace ecg
