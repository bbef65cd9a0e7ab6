// Threads that come home together.
#pragma once

#include <functional>
#include <thread>
#include <vector>

namespace ecg {

// Threads that are joined before the group goes. Whoever works with one first tells its threads to
// come to an end, then joins them.
class ThreadGroup {
 public:
  ThreadGroup() = default;
  ~ThreadGroup() { Join(); }
  ThreadGroup(const ThreadGroup&) = delete;
  ThreadGroup& operator=(const ThreadGroup&) = delete;

  // Starts `count` threads that call `work`, which must not throw. Where the system refuses one,
  // `stop` is called, which must bring `work` to an end, the threads that run are joined, and an
  // Exception (kInternal) says which limit was met.
  void Start(int count, const std::function<void()>& work, const std::function<void()>& stop);

  // Waits for all; another Start may follow.
  void Join();

 private:
  std::vector<std::thread> threads_;
};

}  // namespace ecg
