#include "ecg/core/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "ecg/core/thread_group.h"
#include "src/core/cgroup.h"

namespace ecg {
namespace {

// The processors that the calling thread may run on.
int AllowedProcessors() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(std::thread::hardware_concurrency());  // as on more than 1024 of them
}

}  // namespace

int AvailableThreads() {
  int threads = AllowedProcessors();
  if (const std::optional<double> quota = CgroupProcessors("/proc/self", "/sys/fs/cgroup")) {
    if (*quota < threads) threads = static_cast<int>(std::ceil(*quota));
  }
  return std::max(threads, 1);
}

void ParallelFor(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
  const std::size_t wanted = static_cast<std::size_t>(threads > 0 ? threads : AvailableThreads());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr first_failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < count && !failed; i = next++) {
      try {
        body(i);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(failure_mutex);
        if (!first_failure) first_failure = std::current_exception();
        failed = true;
      }
    }
  };
  ThreadGroup helpers;
  helpers.Start(static_cast<int>(std::min(wanted, std::max<std::size_t>(count, 1))) - 1, work,
                [&] { failed = true; });
  work();
  helpers.Join();
  if (first_failure) std::rethrow_exception(first_failure);
}

}  // namespace ecg
