#include "ecg/core/parallel.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <thread>

#include "ecg/core/thread_team.h"
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
  const auto wanted = static_cast<std::size_t>(threads > 0 ? threads : AvailableThreads());
  ThreadTeam team(static_cast<int>(std::min(wanted, std::max<std::size_t>(count, 1))));
  team.ForEach(count, body);
}

}  // namespace ecg
